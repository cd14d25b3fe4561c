import {
  beginImport,
  deleteImport,
  listImports,
  NetworkError,
  PART_SIZE,
  readImport,
  RequestRefused,
  sendPart,
  startImport,
  type Client,
  type Id,
  type ImportFormat,
  type MailImport,
} from '../jmap';
import { Looking } from './looking';

/** Milliseconds before a part is tried again while there is no network: doubled up to the longest. */
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** A file on its way to the server. */
export class Sending {
  /** Octets that are there. */
  sent = $state(0);
  /** Whether the network is gone and the next try waits. */
  isWaiting = $state(false);
  readonly stop = new AbortController();

  constructor(
    readonly id: Id,
    readonly file: File,
  ) {}
}

export type FileProblem = 'importOther' | 'importEmpty' | 'importUnknown';

/**
 * What is brought along. A file goes up in parts; after a cut of the network it goes on by itself, after a reload when
 * the person chooses the same file again. All that follows is the server's work and needs no page.
 */
export class Imports {
  list = $state.raw<readonly MailImport[] | null>(null);
  sending = $state.raw<readonly Sending[]>([]);
  private readonly looking = new Looking(
    () => this.look(),
    () => this.running().length > 0,
  );

  constructor(
    private readonly client: Client,
    private readonly onProblem: (error: unknown) => void,
  ) {}

  /** Follows what goes on until `leave`. @throws when the server cannot be reached. */
  async watch(): Promise<void> {
    this.looking.begin();
    await this.read();
  }

  /** Files that are being sent go on. */
  leave(): void {
    this.looking.end();
  }

  sendingOf(id: Id): Sending | undefined {
    return this.sending.find((item) => item.id === id);
  }

  /** Begins with a new file. @returns what is wrong with it, or null; throws what the server refuses. */
  async begin(file: File): Promise<FileProblem | null> {
    if (file.size === 0) return 'importEmpty';
    const format = await formatOf(file);
    if (format === null) return 'importUnknown';
    const made = await beginImport(this.client, format, visibleName(file.name), file.size);
    this.list = [made, ...(this.list ?? [])];
    void this.send(made, file);
    return null;
  }

  /** Goes on with a file that was cut. */
  goOn(item: MailImport, file: File): FileProblem | null {
    if (file.size !== item.size || visibleName(file.name) !== item.name) return 'importOther';
    void this.send(item, file);
    return null;
  }

  /** Ends an import, or takes one that is over off the list; what has been imported stays. */
  async delete(id: Id): Promise<void> {
    this.sendingOf(id)?.stop.abort();
    await deleteImport(this.client, id);
    this.list = (this.list ?? []).filter((item) => item.id !== id);
  }

  private async send(item: MailImport, file: File): Promise<void> {
    const sending = new Sending(item.id, file);
    sending.sent = item.received;
    this.sending = [...this.sending, sending];
    try {
      await this.sendAll(sending, item);
      this.put(await startImport(this.client, item.id));
    } catch (error) {
      if (!sending.stop.signal.aborted) this.onProblem(error);
    } finally {
      this.sending = this.sending.filter((other) => other !== sending);
      this.looking.later();
    }
  }

  private async sendAll(sending: Sending, item: MailImport): Promise<void> {
    const { file, id, stop } = sending;
    // The last part once more: the server takes it only if it is the same, and so notices another file of this name.
    let start = Math.max(0, (Math.ceil(item.received / PART_SIZE) - 1) * PART_SIZE);
    let delay = FIRST_DELAY;
    while (start < file.size) {
      try {
        const status = await sendPart(this.client, id, start, file.slice(start, start + PART_SIZE), stop.signal);
        sending.isWaiting = false;
        delay = FIRST_DELAY;
        start = status.received;
        sending.sent = start;
        this.put(status);
      } catch (error) {
        if (!isPassing(error)) throw error;
        sending.isWaiting = true;
        await pause(delay, stop.signal);
        delay = Math.min(delay * 2, LONGEST_DELAY);
      }
    }
  }

  private put(status: MailImport): void {
    this.list = (this.list ?? []).map((item) => (item.id === status.id ? status : item));
  }

  private async read(): Promise<void> {
    this.list = await listImports(this.client);
    this.looking.later();
  }

  private running(): readonly MailImport[] {
    return (this.list ?? []).filter((item) => item.state === 'running');
  }

  private async look(): Promise<void> {
    for (const { id } of this.running()) this.put(await readImport(this.client, id));
    this.looking.later();
  }
}

/** Whether trying again may help: no network, too many at once, or a server that is busy. */
function isPassing(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof RequestRefused && (error.status === 429 || error.status === 500));
}

/** Waits, or until the network is said to be back. @throws AbortError */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(new DOMException('canceled', 'AbortError'));
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}

/** What a file is by its first octets; a name counts only for single letters, which begin in any way. */
export async function formatOf(file: File): Promise<ImportFormat | null> {
  const start = new TextDecoder('latin1').decode(await file.slice(0, 4096).arrayBuffer());
  if (start.startsWith('PK\u0003\u0004') || start.startsWith('PK\u0005\u0006')) return 'zip';
  if (start.startsWith('From ')) return 'mbox';
  return /^[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(start) ? 'eml' : null;
}

/** A file's name as the server takes it. */
function visibleName(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 255);
}
