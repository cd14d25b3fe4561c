import { upload, type Client, type Upload } from '../jmap';
import type { DraftAttachment } from './draft';
import { errorKind, type ErrorKind } from './notices.svelte';

export type AttachmentState = 'waiting' | 'uploading' | 'done' | 'failed';

/** One file on its way into a message. */
export class Attachment {
  blobId = $state<string | null>(null);
  state = $state<AttachmentState>('waiting');
  /** Octets sent. */
  sent = $state(0);
  error = $state<ErrorKind | null>(null);
  private transfer: Upload | null = null;

  constructor(
    readonly key: string,
    readonly name: string,
    readonly type: string,
    readonly size: number,
    readonly cid: string | null,
    private readonly file: Blob | null,
  ) {}

  static stored(key: string, stored: DraftAttachment): Attachment {
    const attachment = new Attachment(key, stored.name, stored.type, stored.size, stored.cid, null);
    attachment.blobId = stored.blobId;
    attachment.state = 'done';
    return attachment;
  }

  get asDraft(): DraftAttachment | null {
    if (this.blobId === null) return null;
    return { blobId: this.blobId, name: this.name, type: this.type, size: this.size, cid: this.cid };
  }

  async send(client: Client): Promise<void> {
    if (!this.file) return;
    this.error = null;
    this.sent = 0;
    if (this.file.size > client.limits.maxSizeUpload) {
      this.state = 'failed';
      this.error = 'tooLarge';
      return;
    }
    this.state = 'uploading';
    try {
      this.transfer = upload(client.uploadUrl(), this.file, (sent) => (this.sent = sent));
      this.blobId = (await this.transfer.done).blobId;
      this.state = 'done';
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.state = 'failed';
      this.error = errorKind(error);
    } finally {
      this.transfer = null;
    }
  }

  cancel(): void {
    this.transfer?.cancel();
  }
}

/** The attachments of one message; sends a few at a time, as the server allows. */
export class Attachments {
  list = $state.raw<readonly Attachment[]>([]);
  private nextKey = 1;
  private running = 0;

  constructor(
    private readonly client: Client,
    private readonly onChange: () => void,
  ) {}

  get isBusy(): boolean {
    return this.list.some((item) => item.state === 'waiting' || item.state === 'uploading');
  }

  get hasFailed(): boolean {
    return this.list.some((item) => item.state === 'failed');
  }

  /** Octets of all attachments together. */
  get size(): number {
    return this.list.reduce((sum, item) => sum + item.size, 0);
  }

  restore(stored: readonly DraftAttachment[]): void {
    this.list = stored.map((item) => Attachment.stored(this.newKey(), item));
  }

  add(files: Iterable<File>): void {
    const added = [...files].map((file) => new Attachment(this.newKey(), file.name, file.type, file.size, null, file));
    this.list = [...this.list, ...added];
    this.onChange();
    this.pump();
  }

  retry(item: Attachment): void {
    item.state = 'waiting';
    this.pump();
  }

  remove(item: Attachment): void {
    item.cancel();
    this.list = this.list.filter((other) => other !== item);
    this.onChange();
  }

  stop(): void {
    for (const item of this.list) item.cancel();
  }

  private newKey(): string {
    return `a${this.nextKey++}`;
  }

  private pump(): void {
    for (const item of this.list) {
      if (this.running >= Math.max(1, Math.min(4, this.client.limits.maxConcurrentUpload))) return;
      if (item.state !== 'waiting') continue;
      this.running += 1;
      void item.send(this.client).finally(() => {
        this.running -= 1;
        this.onChange();
        this.pump();
      });
    }
  }
}
