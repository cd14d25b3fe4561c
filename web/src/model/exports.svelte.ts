import { beginExport, deleteExport, listExports, type Client, type Id, type MailExport } from '../jmap';

/** Milliseconds between two looks at work that goes on. */
export const LOOK_EVERY = 1_000;

/** The files of an account's mail that are there or in the making. */
export class Exports {
  list = $state.raw<readonly MailExport[] | null>(null);
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isWatched = false;

  constructor(
    private readonly client: Client,
    private readonly onReady: () => void,
  ) {}

  /** Follows what goes on until `leave`. @throws when the server cannot be reached. */
  async watch(): Promise<void> {
    this.isWatched = true;
    await this.read();
  }

  leave(): void {
    this.isWatched = false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  async begin(format: MailExport['format'], mailboxIds: readonly Id[] | null): Promise<void> {
    const made = await beginExport(this.client, format, mailboxIds);
    this.list = [made, ...(this.list ?? [])];
    this.lookLater();
  }

  async delete(id: Id): Promise<void> {
    await deleteExport(this.client, id);
    this.list = (this.list ?? []).filter((item) => item.id !== id);
  }

  private async read(): Promise<void> {
    const before = new Map((this.list ?? []).map((item) => [item.id, item.state]));
    this.list = await listExports(this.client);
    if (this.list.some((item) => item.state === 'ready' && before.get(item.id) === 'planning')) this.onReady();
    this.lookLater();
  }

  private lookLater(): void {
    if (!this.isWatched || this.timer !== null || !this.list?.some((item) => item.state === 'planning')) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      // A look that failed is no news: the next one follows.
      this.read().catch(() => this.lookLater());
    }, LOOK_EVERY);
  }
}
