import { SvelteMap } from 'svelte/reactivity';
import type { Client, EmailSubmission, GetResponse, Id, QueryResponse } from '../jmap';
import { deliveryOf, type Delivery } from './delivery';

/** What became of sent mail, by email. */
export class Submissions {
  private readonly byId = new SvelteMap<Id, EmailSubmission>();

  constructor(private readonly client: Client) {}

  merge(list: readonly EmailSubmission[]): void {
    for (const submission of list) this.byId.set(submission.id, submission);
  }

  /** Reads the submissions of a thread's messages; rfc8621#7.3. */
  async loadForThread(threadId: Id): Promise<void> {
    if (!this.client.mayWrite) return;
    const batch = this.client.batch();
    const query = batch.add<QueryResponse>('EmailSubmission/query', { filter: { threadIds: [threadId] } });
    const get = batch.add<GetResponse<EmailSubmission>>('EmailSubmission/get', { '#ids': query.ref('/ids') });
    await this.client.send(batch);
    this.merge(get.result().list);
  }

  ofEmail(emailId: Id): EmailSubmission | undefined {
    let newest: EmailSubmission | undefined;
    for (const submission of this.byId.values()) {
      if (submission.emailId !== emailId || submission.undoStatus === 'canceled') continue;
      if (!newest || submission.sendAt > newest.sendAt) newest = submission;
    }
    return newest;
  }

  delivery(emailId: Id): Delivery | null {
    const submission = this.ofEmail(emailId);
    return submission ? deliveryOf(submission) : null;
  }
}
