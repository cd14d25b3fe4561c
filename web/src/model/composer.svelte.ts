import { requireSet, type Client, type EmailSummary, type Id, type Identity, type QueryResponse, type SetResponse } from '../jmap';
import { Attachments } from './attachments.svelte';
import { emailObject, isBlank, recipientsOf, type DraftAttachment, type DraftContent } from './draft';
import type { LocalDraft, LocalDrafts } from './local-drafts';
import { errorKind, type ErrorKind } from './notices.svelte';

export type SaveStatus = 'untouched' | 'waiting' | 'saving' | 'saved' | 'onlyHere' | 'failed';

/** Milliseconds of quiet before a change is kept here, and on the server. */
const LOCAL_DELAY = 250;
const SERVER_DELAY = 1_500;
/** While the server cannot be reached: how often it is tried again. */
const RETRY_DELAY = 15_000;

export interface ComposerContext {
  client: Client;
  local: LocalDrafts;
  identities(): readonly Identity[];
  draftsId(): Id | null;
}

/** One message being written: its words, its files, and where they are kept. */
export class Composer {
  readonly key: string;
  content: DraftContent;
  readonly attachments: Attachments;
  status = $state<SaveStatus>('untouched');
  savedAt = $state<number | null>(null);
  error = $state<ErrorKind | null>(null);
  isMinimized = $state(false);
  isSending = $state(false);
  /** Files that had not reached the server when the page went away. */
  unfinished = $state.raw<readonly string[]>([]);
  serverId = $state<Id | null>(null);
  attempt: string | null = null;
  private staleIds: Id[] = [];
  /** Set when a save may have reached the server without its answer reaching us: copies are looked for before the next. */
  private isUncertain = false;
  private version = 0;
  private savedVersion = 0;
  private isClosed = false;
  private readonly release: () => void;
  private chain: Promise<void> = Promise.resolve();
  private localTimer: ReturnType<typeof setTimeout> | undefined;
  private serverTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly context: ComposerContext,
    content: DraftContent,
    kept?: LocalDraft,
  ) {
    this.key = kept?.key ?? newKey();
    this.release = context.local.hold(this.key);
    this.content = $state({ ...content, identityId: content.identityId ?? context.identities()[0]?.id ?? null });
    this.attachments = new Attachments(context.client, () => this.touch());
    this.attachments.restore(content.attachments);
    if (!kept) return;
    this.serverId = kept.serverId;
    this.staleIds = kept.staleIds;
    this.attempt = kept.attempt;
    this.unfinished = kept.unfinished;
    this.isUncertain = true;
    this.version = 1;
    this.status = 'waiting';
    this.scheduleServer(SERVER_DELAY);
  }

  get identity(): Identity | undefined {
    const identities = this.context.identities();
    return identities.find((identity) => identity.id === this.content.identityId) ?? identities[0];
  }

  get isBlank(): boolean {
    return isBlank(this.snapshot());
  }

  get isUnsaved(): boolean {
    return this.version !== this.savedVersion;
  }

  /** The content as plain data, with the files that have arrived. */
  snapshot(): DraftContent {
    const attachments = this.attachments.list.flatMap((item): DraftAttachment[] => (item.asDraft ? [item.asDraft] : []));
    return { ...$state.snapshot(this.content), attachments };
  }

  /** Must be called after every change a person makes. */
  touch(): void {
    if (this.isClosed) return;
    this.version += 1;
    if (this.status !== 'saving') this.status = 'waiting';
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.keepHere(), LOCAL_DELAY);
    this.scheduleServer(SERVER_DELAY);
  }

  /** Writes the local copy at once: also called when the page is about to go away. */
  keepHere(): void {
    if (this.isClosed || !this.isUnsaved) return;
    clearTimeout(this.localTimer);
    const unfinished = this.attachments.list.filter((item) => item.blobId === null).map((item) => item.name);
    const { key, serverId, staleIds, attempt } = this;
    const accountId = this.context.client.accountId;
    this.context.local.put({ key, accountId, content: this.snapshot(), serverId, staleIds, attempt, unfinished, changedAt: Date.now() });
  }

  /** Puts the newest words on the server; calls never overlap. */
  save(): Promise<void> {
    this.chain = this.chain.then(() => this.saveNow());
    return this.chain;
  }

  /** Waits for saving under way and stops it for good: the message is about to be sent or thrown away. */
  async freeze(): Promise<void> {
    clearTimeout(this.serverTimer);
    await this.chain;
    clearTimeout(this.serverTimer);
  }

  /** Server copies of this draft, all of which a send or a discard makes obsolete. */
  get serverCopies(): Id[] {
    return this.serverId === null ? [...this.staleIds] : [...this.staleIds, this.serverId];
  }

  /** Recipients without which nothing can be sent. */
  get recipients(): string[] {
    return recipientsOf(this.content).map((address) => address.email);
  }

  /** Takes over an email the server has made of this message, for example by a send that was refused or called back. */
  adoptServerCopy(id: Id): void {
    if (this.serverId !== null && this.serverId !== id) this.staleIds.push(this.serverId);
    this.serverId = id;
    this.attempt = null;
    this.savedVersion = this.version;
    this.status = 'saved';
  }

  /** Ends the composer; local copies go, since the server has the words or the person threw them away. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.localTimer);
    clearTimeout(this.serverTimer);
    this.attachments.stop();
    this.context.local.remove(this.key);
    this.release();
  }

  private scheduleServer(delay: number): void {
    clearTimeout(this.serverTimer);
    this.serverTimer = setTimeout(() => void this.save(), delay);
  }

  private async saveNow(): Promise<void> {
    const draftsId = this.context.draftsId();
    if (this.isClosed || this.isSending || !this.isUnsaved || draftsId === null) return;
    const content = this.snapshot();
    const version = this.version;
    if (isBlank(content) && this.serverId === null) return;
    this.status = 'saving';
    try {
      if (this.isUncertain) await this.findLostCopies();
      await this.replaceServerCopy(content, draftsId);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.error = null;
    this.savedVersion = version;
    this.savedAt = Date.now();
    this.status = this.isUnsaved ? 'waiting' : 'saved';
    // The local copy has done its work; what was typed meanwhile writes a new one.
    if (!this.isUnsaved) this.context.local.remove(this.key);
    await this.removeStale();
  }

  /** Every copy of this draft carries one Message-ID, by which those whose making we did not hear of are found. */
  private get messageId(): string {
    return `${this.key}@draft.invalid`;
  }

  private async findLostCopies(): Promise<void> {
    const filter = { header: ['Message-ID', this.messageId], hasKeyword: '$draft' };
    const { ids } = await this.context.client.call<QueryResponse>('Email/query', { filter });
    const known = this.serverCopies;
    this.staleIds.push(...ids.filter((id) => !known.includes(id)));
    this.isUncertain = false;
  }

  /** An email cannot be changed (rfc8621#4): the new copy is made first, only then the old one goes. */
  private async replaceServerCopy(content: DraftContent, draftsId: Id): Promise<void> {
    const create = { draft: emailObject(content, this.identity, draftsId, this.messageId) };
    const answer = requireSet(await this.context.client.call<SetResponse<EmailSummary>>('Email/set', { create }));
    const id = answer.created?.['draft']?.id;
    if (id === undefined) return;
    if (this.serverId !== null && this.serverId !== id) this.staleIds.push(this.serverId);
    this.serverId = id;
  }

  private async removeStale(): Promise<void> {
    if (this.staleIds.length === 0) return;
    const destroy = [...this.staleIds];
    try {
      await this.context.client.call<SetResponse<EmailSummary>>('Email/set', { destroy });
      this.staleIds = this.staleIds.filter((id) => !destroy.includes(id));
    } catch {
      // Tried again after the next save; an old copy in Drafts harms nobody.
      return;
    }
  }

  private fail(error: unknown): void {
    this.keepHere();
    this.error = errorKind(error);
    if (this.error === 'network') this.isUncertain = true;
    this.status = this.error === 'network' || this.error === 'expired' ? 'onlyHere' : 'failed';
    if (this.status === 'onlyHere') this.scheduleServer(RETRY_DELAY);
  }
}

/** Random and unique; `randomUUID` exists only where the page came over TLS or from this machine. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
