import type { StateChange } from './types';

export type PushStatus = 'connecting' | 'open' | 'waiting';

interface PushOptions {
  url: string;
  onChange(change: StateChange): void;
  /** Told at every turn; after `waiting` → `open` the owner must look for what it missed. */
  onStatus(status: PushStatus): void;
  create?: (url: string) => EventSource;
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 60_000;

/** Keeps an EventSource (rfc8620#7.3) alive: a closed one is opened again, ever more slowly, until it works. */
export class Push {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private delay = FIRST_DELAY;
  private isStopped = false;

  constructor(private readonly options: PushOptions) {}

  start(): void {
    this.isStopped = false;
    this.open();
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.source?.close();
    this.source = null;
  }

  /** Tries at once instead of waiting the delay out, for example when the browser comes back online. */
  hurry(): void {
    if (this.isStopped || this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.open();
  }

  private open(): void {
    this.options.onStatus('connecting');
    const source = (this.options.create ?? ((url) => new EventSource(url)))(this.options.url);
    this.source = source;
    source.addEventListener('open', () => {
      this.delay = FIRST_DELAY;
      this.options.onStatus('open');
    });
    source.addEventListener('state', (event) => this.receive((event as MessageEvent<string>).data));
    source.addEventListener('error', () => this.retry(source));
  }

  private receive(data: string): void {
    try {
      const change = JSON.parse(data) as StateChange;
      if (change.changed && typeof change.changed === 'object') this.options.onChange(change);
    } catch {
      // A broken event is as good as "something changed": ask for everything rather than miss a message.
      this.options.onStatus('open');
    }
  }

  private retry(source: EventSource): void {
    source.close();
    if (this.isStopped || this.source !== source) return;
    this.source = null;
    this.options.onStatus('waiting');
    // Spread over half the delay, so that a restarted server does not meet everybody in one second.
    const wait = this.delay / 2 + Math.random() * (this.delay / 2);
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.open();
    }, wait);
  }
}
