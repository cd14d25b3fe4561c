import { SvelteMap } from 'svelte/reactivity';
import type { EmailDetail, EmailSummary, Id, Thread } from '../jmap';
import { type EmailPatch, patched } from './patch';

/** What a row of the list asks the server for. */
export const SUMMARY_PROPERTIES = [
  'id',
  'threadId',
  'mailboxIds',
  'keywords',
  'from',
  'to',
  'subject',
  'receivedAt',
  'preview',
  'hasAttachment',
];

/**
 * Every email and thread the page knows. Objects are replaced, never changed in place, so that whoever shows one notices.
 */
export class Emails {
  readonly summaries = new SvelteMap<Id, EmailSummary>();
  readonly details = new SvelteMap<Id, EmailDetail>();
  readonly threads = new SvelteMap<Id, Id[]>();

  mergeSummaries(list: readonly EmailSummary[]): void {
    for (const email of list) {
      const known = this.summaries.get(email.id);
      this.summaries.set(email.id, known ? { ...known, ...email } : email);
    }
  }

  mergeDetails(list: readonly EmailDetail[]): void {
    for (const email of list) this.details.set(email.id, email);
    this.mergeSummaries(list.map(summaryOf));
  }

  mergeThreads(list: readonly Thread[]): void {
    for (const thread of list) this.threads.set(thread.id, thread.emailIds);
  }

  forget(ids: readonly Id[]): void {
    for (const id of ids) {
      this.summaries.delete(id);
      this.details.delete(id);
    }
  }

  clear(): void {
    this.summaries.clear();
    this.details.clear();
    this.threads.clear();
  }

  /** The known members of a thread, oldest first. */
  members(threadId: Id): EmailSummary[] {
    const ids = this.threads.get(threadId) ?? [];
    return ids.flatMap((id) => this.summaries.get(id) ?? []);
  }

  /** Members of known threads that are not known themselves yet. */
  missingMembers(threadIds: Iterable<Id>): Id[] {
    const missing: Id[] = [];
    for (const threadId of threadIds) {
      for (const id of this.threads.get(threadId) ?? []) if (!this.summaries.has(id)) missing.push(id);
    }
    return missing;
  }

  /** Applies patches at once; the answer undoes them exactly. */
  patch(patches: ReadonlyMap<Id, EmailPatch>): () => void {
    const before: EmailSummary[] = [];
    for (const [id, patch] of patches) {
      const email = this.summaries.get(id);
      if (!email) continue;
      before.push(email);
      this.summaries.set(id, patched(email, patch));
    }
    return () => before.forEach((email) => this.summaries.set(email.id, email));
  }
}

function summaryOf(email: EmailDetail): EmailSummary {
  const { id, threadId, mailboxIds, keywords, from, to, subject, receivedAt, preview, hasAttachment } = email;
  return { id, threadId, mailboxIds, keywords, from, to, subject, receivedAt, preview, hasAttachment };
}
