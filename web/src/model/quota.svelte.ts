import { QUOTA, type Client, type GetResponse, type Quota as QuotaObject } from '../jmap';

/** Milliseconds after news of mail until the numbers are asked for again: mail comes in bursts. */
const CALM = 3_000;

/** How worried a person should be about their room. */
export type QuotaLevel = 'calm' | 'warn' | 'urgent' | 'full';

/** How much room the account's mail takes, and of how much. */
export class Quota {
  current = $state.raw<QuotaObject | null>(null);
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly client: Client) {}

  /** The part that is used, 0 to 1. */
  readonly part = $derived.by(() => {
    const { current } = this;
    return current && current.hardLimit > 0 ? Math.min(1, current.used / current.hardLimit) : 0;
  });

  readonly level = $derived.by((): QuotaLevel => {
    const { current } = this;
    if (!current) return 'calm';
    if (current.used >= current.hardLimit) return 'full';
    if (current.softLimit !== null && current.used >= current.softLimit) return 'urgent';
    return current.warnLimit !== null && current.used >= current.warnLimit ? 'warn' : 'calm';
  });

  /** Asks again shortly; a failure leaves the numbers as they are, the next news asks again. */
  soon(): void {
    if (this.timer !== null || !this.client.speaks(QUOTA)) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.read().catch(() => undefined);
    }, CALM);
  }

  /** @throws when the server cannot be reached. */
  async read(): Promise<void> {
    if (!this.client.speaks(QUOTA)) return;
    this.current = (await this.client.call<GetResponse<QuotaObject>>('Quota/get', { ids: null })).list[0] ?? null;
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }
}
