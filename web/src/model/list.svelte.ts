import { MethodError, type Client, type EmailSummary, type GetResponse, type Id, type QueryChangesResponse } from '../jmap';
import { SUMMARY_PROPERTIES, type Emails } from './emails.svelte';
import { addPage, PAGE, queryArguments, sourceKey, type PageCalls, type Source } from './query';
import { rowOf, type Row } from './rows';
import { missingRange, withChanges, withoutIds, withPage, type IdWindow } from './window';

export type ListStatus = 'loading' | 'ready' | 'failed';

interface Snapshot {
  window: IdWindow;
  queryState: string;
  canCalculateChanges: boolean;
}

/** The list in the middle: a window on a query of any length, read by pages as they come into sight. */
export class List {
  source = $state.raw<Source | null>(null);
  window = $state.raw<IdWindow>([]);
  status = $state<ListStatus>('loading');
  error = $state.raw<unknown>(null);
  queryState = '';
  canCalculateChanges = false;
  private readonly snapshots = new Map<string, Snapshot>();
  private readonly inFlight = new Set<string>();
  /** Told of every page read, so that the owner learns the states it must follow from. */
  onPage: (calls: PageCalls) => void = () => undefined;

  constructor(
    private readonly client: Client,
    private readonly emails: Emails,
  ) {}

  /** Shows a source: what was known of it at once, then what the server says now. */
  open(source: Source): Promise<void> {
    if (this.source && sourceKey(this.source) === sourceKey(source)) return Promise.resolve();
    this.remember();
    this.source = source;
    const known = this.snapshots.get(sourceKey(source));
    this.window = known?.window ?? [];
    this.queryState = known?.queryState ?? '';
    this.canCalculateChanges = known?.canCalculateChanges ?? false;
    this.status = known ? 'ready' : 'loading';
    this.error = null;
    return this.refresh();
  }

  /** Shows nothing any more. */
  forget(): void {
    this.source = null;
    this.window = [];
    this.status = 'loading';
  }

  /** Asks for the top again. Pages below are forgotten and read when they come into sight. */
  async refresh(): Promise<void> {
    const source = this.source;
    if (!source) return;
    await this.load(source, 0, PAGE, true);
  }

  /** Makes sure that rows `first` to `last` are known. */
  async ensure(first: number, last: number): Promise<void> {
    const source = this.source;
    if (!source || this.status === 'loading') return;
    const range = missingRange(this.window, first, last, PAGE);
    if (range) await this.load(source, range.position, range.limit, false);
  }

  row(index: number, showRecipients: boolean): Row | undefined {
    const id = this.window[index];
    const email = id === undefined ? undefined : this.emails.summaries.get(id);
    return email && rowOf(email, this.emails.members(email.threadId), showRecipients);
  }

  /** Position of the row of a thread; -1 when it is not in a known part. */
  indexOfThread(threadId: Id): number {
    return this.window.findIndex((id) => id !== undefined && this.emails.summaries.get(id)?.threadId === threadId);
  }

  threadAt(index: number): Id | undefined {
    const id = this.window[index];
    return id === undefined ? undefined : this.emails.summaries.get(id)?.threadId;
  }

  /** Takes rows out before the server has answered; the answer puts the old window back. */
  takeOut(ids: ReadonlySet<Id>): () => void {
    const before = this.window;
    this.window = withoutIds(before, ids);
    return () => {
      this.window = before;
    };
  }

  applyChanges(changes: QueryChangesResponse): void {
    this.window = withChanges(this.window, changes);
    this.queryState = changes.newQueryState;
  }

  /** Arguments for Email/queryChanges, or null when the list must be read anew instead. */
  changesArguments(): Record<string, unknown> | null {
    if (!this.source || !this.canCalculateChanges || this.queryState === '') return null;
    return { ...queryArguments(this.source), sinceQueryState: this.queryState, calculateTotal: true };
  }

  forgetSnapshots(): void {
    this.snapshots.clear();
  }

  /** Reads summaries of ids that a change put into the list but nobody has read yet. */
  async fill(ids: readonly Id[]): Promise<void> {
    if (ids.length === 0) return;
    const answer = await this.client.call<GetResponse<EmailSummary>>('Email/get', {
      ids: ids.slice(0, this.client.limits.maxObjectsInGet),
      properties: SUMMARY_PROPERTIES,
    });
    this.emails.mergeSummaries(answer.list);
  }

  private remember(): void {
    if (!this.source || this.status !== 'ready') return;
    const { window, queryState, canCalculateChanges } = this;
    const gap = window.indexOf(undefined);
    // Only the top is worth keeping; the rest is cheap to ask again and grows without end.
    const top = window.slice(0, gap === -1 ? PAGE : Math.min(gap, PAGE));
    const kept = Array.from({ length: window.length }, (_, index) => top[index]);
    this.snapshots.set(sourceKey(this.source), { window: kept, queryState, canCalculateChanges });
  }

  private async load(source: Source, position: number, limit: number, isFresh: boolean): Promise<void> {
    const key = `${sourceKey(source)}@${position}`;
    if (this.inFlight.has(key)) return;
    this.inFlight.add(key);
    try {
      const batch = this.client.batch();
      const calls = addPage(batch, source, position, limit);
      await this.client.send(batch);
      this.takeIn(source, calls, isFresh);
    } catch (error) {
      if (this.source === source && isFresh && this.window.length === 0) {
        this.status = 'failed';
        this.error = error;
      }
      throw error;
    } finally {
      this.inFlight.delete(key);
    }
  }

  private takeIn(source: Source, calls: PageCalls, isFresh: boolean): void {
    const answer = calls.query.result();
    this.emails.mergeSummaries(calls.emails.result().list);
    this.emails.mergeThreads(calls.threads.result().list);
    try {
      this.emails.mergeSummaries(calls.members.result().list);
    } catch (error) {
      // Very long threads may pass the server's limit for one /get: rows then show their newest message only.
      if (!(error instanceof MethodError && error.type === 'requestTooLarge')) throw error;
    }
    this.onPage(calls);
    if (this.source !== source) return;
    const total = answer.total ?? answer.position + answer.ids.length;
    this.window = withPage(isFresh ? [] : this.window, answer.position, answer.ids, total);
    if (isFresh || answer.queryState === this.queryState) {
      this.queryState = answer.queryState;
      this.canCalculateChanges = answer.canCalculateChanges;
    } else {
      // The list moved between two pages: what queryChanges would say no longer fits; read anew at the next change.
      this.canCalculateChanges = false;
    }
    this.status = 'ready';
    this.error = null;
  }
}
