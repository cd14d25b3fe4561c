import {
  MethodError,
  type Call,
  type ChangesResponse,
  type Client,
  type EmailSubmission,
  type EmailSummary,
  type GetResponse,
  type Id,
  type Mailbox,
  type QueryChangesResponse,
  type Thread,
} from '../jmap';
import { SUMMARY_PROPERTIES, type Emails } from './emails.svelte';
import type { List } from './list.svelte';
import type { Mailboxes } from './mailboxes.svelte';
import type { Submissions } from './submissions.svelte';

export interface States {
  Mailbox: string;
  Email: string;
  Thread: string;
  /** null where the person may not send: then there is nothing of the kind in the account (rfc8620#2). */
  EmailSubmission: string | null;
}

const MAX_CHANGES = 250;

interface ChangeCalls<T> {
  changes: Call<ChangesResponse>;
  created: Call<GetResponse<T>>;
  updated: Call<GetResponse<T>>;
}

interface Parts {
  emails: Emails;
  mailboxes: Mailboxes;
  list: List;
  submissions: Submissions;
}

/**
 * Follows the server: every push becomes one request for the differences (rfc8620#5.2, rfc8620#5.6).
 *
 * Pulls never overlap; a push during a pull makes one more pull. When the server cannot tell the differences any more,
 * everything shown is read anew.
 */
export class Sync {
  states: States | null = null;
  /** Told of emails that are new on the server since the last pull. */
  onArrival: (emails: EmailSummary[]) => void = () => undefined;
  /** Told when any mail has changed. */
  onMail: () => void = () => undefined;
  /** Told when differences cannot be told any more and everything must be read anew. */
  onReset: () => Promise<void> = () => Promise.resolve();
  private running: Promise<void> | null = null;
  private isAskedAgain = false;

  constructor(
    private readonly client: Client,
    private readonly parts: Parts,
  ) {}

  /** Whether a push (rfc8620#7.1) tells of states that are not known yet. */
  isNews(pushed: Record<string, string>): boolean {
    const { states } = this;
    return states === null || Object.entries(pushed).some(([type, state]) => type in states && states[type as keyof States] !== null && states[type as keyof States] !== state);
  }

  /** Brings the page up to the server's state; resolves when nothing more is known to be new. */
  pull(): Promise<void> {
    if (this.running) {
      this.isAskedAgain = true;
      return this.running;
    }
    this.running = this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async run(): Promise<void> {
    do {
      this.isAskedAgain = false;
      try {
        while (await this.step());
      } catch (error) {
        if (!(error instanceof MethodError) || error.type !== 'cannotCalculateChanges') throw error;
        await this.onReset();
      }
    } while (this.isAskedAgain);
  }

  /** One request; true when the server has more to tell. */
  private async step(): Promise<boolean> {
    const states = this.states;
    if (!states) return false;
    const batch = this.client.batch();
    const follow = <T>(type: keyof States, properties?: string[]): ChangeCalls<T> => {
      const changes = batch.add<ChangesResponse>(`${type}/changes`, { sinceState: states[type], maxChanges: MAX_CHANGES });
      const get = (path: string): Call<GetResponse<T>> =>
        batch.add<GetResponse<T>>(`${type}/get`, { '#ids': changes.ref(path), ...(properties ? { properties } : {}) });
      return { changes, created: get('/created'), updated: get('/updated') };
    };
    const mailboxes = follow<Mailbox>('Mailbox');
    const emails = follow<EmailSummary>('Email', SUMMARY_PROPERTIES);
    const threads = follow<Thread>('Thread');
    const submissions = states.EmailSubmission === null ? null : follow<EmailSubmission>('EmailSubmission');
    const listArguments = this.parts.list.changesArguments();
    const query = listArguments && batch.add<QueryChangesResponse>('Email/queryChanges', listArguments);
    await this.client.send(batch);

    this.takeMailboxes(mailboxes);
    const arrived = this.takeEmails(emails);
    const { oldState, newState } = emails.changes.result();
    if (oldState !== newState) this.onMail();
    this.takeThreads(threads);
    if (submissions) this.takeSubmissions(submissions);
    const answers = [mailboxes, emails, threads, ...(submissions ? [submissions] : [])].map((calls) => calls.changes.result());
    const hasChanged = answers.some((answer) => answer.oldState !== answer.newState);
    this.states = {
      Mailbox: mailboxes.changes.result().newState,
      Email: emails.changes.result().newState,
      Thread: threads.changes.result().newState,
      EmailSubmission: submissions?.changes.result().newState ?? null,
    };
    await this.takeList(query, hasChanged);
    if (arrived.length > 0) this.onArrival(arrived);
    return answers.some((answer) => answer.hasMoreChanges);
  }

  private takeMailboxes(calls: ChangeCalls<Mailbox>): void {
    this.parts.mailboxes.merge(calls.created.result().list);
    this.parts.mailboxes.merge(calls.updated.result().list);
    this.parts.mailboxes.forget(calls.changes.result().destroyed);
  }

  private takeEmails(calls: ChangeCalls<EmailSummary>): EmailSummary[] {
    const created = calls.created.result().list;
    this.parts.emails.mergeSummaries(created);
    this.parts.emails.mergeSummaries(calls.updated.result().list);
    this.parts.emails.forget(calls.changes.result().destroyed);
    return created;
  }

  private takeThreads(calls: ChangeCalls<Thread>): void {
    this.parts.emails.mergeThreads(calls.created.result().list);
    this.parts.emails.mergeThreads(calls.updated.result().list);
  }

  private takeSubmissions(calls: ChangeCalls<EmailSubmission>): void {
    this.parts.submissions.merge(calls.created.result().list);
    this.parts.submissions.merge(calls.updated.result().list);
  }

  private async takeList(query: Call<QueryChangesResponse> | null, hasChanged: boolean): Promise<void> {
    const { list, emails } = this.parts;
    if (!query) {
      if (hasChanged) await list.refresh();
      return;
    }
    try {
      list.applyChanges(query.result());
    } catch (error) {
      if (!(error instanceof MethodError)) throw error;
      await list.refresh();
      return;
    }
    const unread = list.window.slice(0, MAX_CHANGES).filter((id): id is Id => id !== undefined && !emails.summaries.has(id));
    const shown = list.window.flatMap((id) => (id === undefined ? [] : (emails.summaries.get(id)?.threadId ?? [])));
    await list.fill([...unread, ...emails.missingMembers(shown)]);
  }
}
