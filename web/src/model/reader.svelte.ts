import type { Client, EmailDetail, GetResponse, Id, Thread } from '../jmap';
import { SUMMARY_PROPERTIES, type Emails } from './emails.svelte';

export const DETAIL_PROPERTIES = [
  ...SUMMARY_PROPERTIES,
  'blobId',
  'size',
  'messageId',
  'inReplyTo',
  'references',
  'sentAt',
  'sender',
  'replyTo',
  'cc',
  'bcc',
  'textBody',
  'htmlBody',
  'attachments',
  'bodyValues',
  'header:Disposition-Notification-To:asAddresses',
];

const BODY_PROPERTIES = ['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid'];
/** Octets of text shown at once; longer text is offered as a download. */
const MAX_BODY = 512 * 1024;

/** Arguments of Email/get that bring everything needed to show a message. */
export function detailArguments(client: Client): Record<string, unknown> {
  const safe = client.hasSafeHtml ? ['pirab:safeHtml', 'pirab:hasRemoteResources'] : [];
  return {
    properties: [...DETAIL_PROPERTIES, ...safe],
    bodyProperties: BODY_PROPERTIES,
    fetchTextBodyValues: true,
    maxBodyValueBytes: MAX_BODY,
  };
}

/** The conversation on the right. */
export class Reader {
  threadId = $state<Id | null>(null);
  status = $state<'loading' | 'ready' | 'failed' | 'gone'>('loading');
  error = $state.raw<unknown>(null);
  private readonly loading = new Map<Id, Promise<void>>();

  constructor(
    private readonly client: Client,
    private readonly emails: Emails,
  ) {}

  async open(threadId: Id): Promise<void> {
    this.threadId = threadId;
    this.error = null;
    this.status = this.isComplete(threadId) ? 'ready' : 'loading';
    try {
      await this.load(threadId);
      if (this.threadId !== threadId) return;
      this.status = this.emails.members(threadId).length > 0 ? 'ready' : 'gone';
    } catch (error) {
      if (this.threadId !== threadId || this.status === 'ready') return;
      this.status = 'failed';
      this.error = error;
    }
  }

  close(): void {
    this.threadId = null;
  }

  /** Reads a conversation ahead of its opening; a failure shows when it is opened. */
  prefetch(threadId: Id): void {
    if (!this.isComplete(threadId)) this.load(threadId).catch(() => undefined);
  }

  /** Reads messages' bodies that are not known yet. */
  async loadDetails(ids: readonly Id[]): Promise<void> {
    const missing = ids.filter((id) => !this.emails.details.has(id));
    if (missing.length === 0) return;
    const answer = await this.client.call<GetResponse<EmailDetail>>('Email/get', { ids: missing, ...detailArguments(this.client) });
    this.emails.mergeDetails(answer.list);
  }

  private isComplete(threadId: Id): boolean {
    const ids = this.emails.threads.get(threadId) ?? [];
    return ids.length > 0 && ids.every((id) => this.emails.details.has(id));
  }

  private load(threadId: Id): Promise<void> {
    const running = this.loading.get(threadId);
    if (running) return running;
    const work = this.read(threadId).finally(() => this.loading.delete(threadId));
    this.loading.set(threadId, work);
    return work;
  }

  private async read(threadId: Id): Promise<void> {
    if (this.isComplete(threadId)) return;
    const batch = this.client.batch();
    const threads = batch.add<GetResponse<Thread>>('Thread/get', { ids: [threadId] });
    const details = batch.add<GetResponse<EmailDetail>>('Email/get', {
      '#ids': threads.ref('/list/*/emailIds'),
      ...detailArguments(this.client),
    });
    await this.client.send(batch);
    this.emails.mergeThreads(threads.result().list);
    this.emails.mergeDetails(details.result().list);
    if (threads.result().list.length === 0) this.emails.threads.delete(threadId);
  }
}
