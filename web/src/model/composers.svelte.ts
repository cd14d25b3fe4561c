import {
  NetworkError,
  requireSet,
  SetRefused,
  type EmailDetail,
  type EmailSubmission,
  type EmailSummary,
  type GetResponse,
  type Id,
  type QueryResponse,
  type SetResponse,
} from '../jmap';
import { Composer, newKey, type ComposerContext } from './composer.svelte';
import { emptyDraft, emailObject, recipientsOf, type DraftContent } from './draft';
import type { Mailboxes } from './mailboxes.svelte';
import type { Notices } from './notices.svelte';
import { detailArguments } from './reader.svelte';
import type { Submissions } from './submissions.svelte';

interface Parts {
  mailboxes: Mailboxes;
  notices: Notices;
  submissions: Submissions;
}

/** Seconds a sent message waits for a change of mind, when the server can hold it. */
const UNDO_SECONDS = 10;

/** All messages being written, and what happens to them at the end: sent, kept or thrown away. */
export class Composers {
  list = $state.raw<readonly Composer[]>([]);

  constructor(
    private readonly context: ComposerContext,
    private readonly parts: Parts,
  ) {}

  /** Brings back what this machine kept of messages the server does not have yet. */
  async restore(): Promise<void> {
    const orphans = await this.context.local.orphans();
    const open = new Set(this.list.map((composer) => composer.key));
    const kept = orphans.filter((draft) => !open.has(draft.key));
    this.list = [...this.list, ...kept.map((draft) => new Composer(this.context, draft.content, draft))];
  }

  open(content: DraftContent = emptyDraft(null)): Composer {
    const composer = new Composer(this.context, content);
    for (const other of this.list) other.isMinimized = true;
    this.list = [...this.list, composer];
    return composer;
  }

  /** Opens a draft that lies on the server; one that is open already comes to the front. */
  async openDraft(emailId: Id): Promise<void> {
    const open = this.list.find((composer) => composer.serverId === emailId);
    if (open) {
      open.isMinimized = false;
      return;
    }
    const answer = await this.context.client.call<GetResponse<EmailDetail>>('Email/get', {
      ids: [emailId],
      ...detailArguments(this.context.client),
      fetchHTMLBodyValues: true,
    });
    const email = answer.list[0];
    if (!email) return;
    const { contentOfDraft } = await import('./html');
    const composer = this.open(contentOfDraft(email, this.context.identities()));
    composer.serverId = emailId;
    composer.status = 'saved';
  }

  /** Keeps the message in Drafts and closes it. Stays open when the server could not take it. */
  async keep(composer: Composer): Promise<void> {
    if (composer.isBlank && composer.serverId === null) {
      this.drop(composer);
      return;
    }
    const hadChanges = composer.isUnsaved;
    await composer.save();
    if (composer.isUnsaved) {
      composer.isMinimized = true;
      return;
    }
    this.drop(composer);
    if (hadChanges || composer.savedAt !== null) this.parts.notices.show('draftSaved');
  }

  /** Throws the message away, with undo. */
  async discard(composer: Composer): Promise<void> {
    await composer.freeze();
    const content = composer.snapshot();
    const copies = composer.serverCopies;
    const wasBlank = composer.isBlank;
    this.drop(composer);
    if (!wasBlank) {
      this.parts.notices.show('draftDiscarded', { undo: () => this.open(content).touch() });
    }
    if (copies.length === 0) return;
    try {
      await this.context.client.call('Email/set', { destroy: copies });
    } catch (error) {
      this.parts.notices.problem(error);
    }
  }

  /**
   * Sends. The message is created, submitted and moved to Sent in one request; until `sendAt` it can be called back.
   *
   * After a dead network nobody knows whether the request arrived: the Message-ID of the attempt is looked for first, so
   * that pressing "send" again never sends twice.
   */
  async send(composer: Composer): Promise<void> {
    if (composer.isSending) return;
    composer.isSending = true;
    composer.error = null;
    try {
      await composer.freeze();
      const submission = (composer.attempt === null ? null : await this.findAttempt(composer.attempt)) ?? (await this.submit(composer));
      this.afterSend(composer, submission);
    } catch (error) {
      if (!(error instanceof NetworkError)) composer.attempt = null;
      this.parts.notices.problem(error);
    } finally {
      composer.isSending = false;
      if (this.list.includes(composer)) composer.touch();
    }
  }

  private async submit(composer: Composer): Promise<EmailSubmission> {
    const { identity } = composer;
    const draftsId = this.context.draftsId();
    const sentId = this.parts.mailboxes.withRole('sent')?.id;
    if (!identity || draftsId === null) throw new SetRefused('forbiddenFrom', '');
    const content = composer.snapshot();
    composer.attempt = `${newKey()}@${identity.email.split('@')[1] ?? 'pirab'}`;
    composer.touch();
    composer.keepHere();
    const batch = this.context.client.batch();
    const created = batch.add<SetResponse<EmailSummary>>('Email/set', {
      create: { message: emailObject(content, identity, draftsId, composer.attempt) },
    });
    const submitted = batch.add<SetResponse<EmailSubmission>>('EmailSubmission/set', {
      create: { submission: { identityId: identity.id, emailId: '#message', ...this.envelope(content, identity.email) } },
      onSuccessUpdateEmail: { '#submission': sentPatch(draftsId, sentId) },
    });
    await this.context.client.send(batch);
    const emailId = requireSet(created.result()).created?.['message']?.id;
    const answer = submitted.result();
    const submission = answer.created?.['submission'];
    if (emailId === undefined || !submission) {
      if (emailId !== undefined) composer.adoptServerCopy(emailId);
      requireSet(answer);
      throw new SetRefused('serverFail', '');
    }
    return { ...submission, emailId, identityId: identity.id };
  }

  /** rfc4865 through rfc8621#7: HOLDFOR asks the server to wait, which is what makes "undo" true. */
  private envelope(content: DraftContent, from: string): Record<string, unknown> {
    const { maxDelayedSend } = this.context.client.submission;
    if (maxDelayedSend < 1) return {};
    const holdFor = String(Math.min(UNDO_SECONDS, maxDelayedSend));
    return {
      envelope: {
        mailFrom: { email: from, parameters: { HOLDFOR: holdFor } },
        rcptTo: recipientsOf(content).map((address) => ({ email: address.email, parameters: null })),
      },
    };
  }

  private async findAttempt(messageId: string): Promise<EmailSubmission | null> {
    const batch = this.context.client.batch();
    const query = batch.add<QueryResponse>('Email/query', { filter: { header: ['Message-ID', messageId] }, limit: 1 });
    batch.add('Email/get', { '#ids': query.ref('/ids'), properties: ['id'] });
    await this.context.client.send(batch);
    const emailId = query.result().ids[0];
    if (emailId === undefined) return null;
    const second = this.context.client.batch();
    const found = second.add<QueryResponse>('EmailSubmission/query', { filter: { emailIds: [emailId] } });
    const get = second.add<GetResponse<EmailSubmission>>('EmailSubmission/get', { '#ids': found.ref('/ids') });
    await this.context.client.send(second);
    return get.result().list.find((submission) => submission.undoStatus !== 'canceled') ?? null;
  }

  private afterSend(composer: Composer, submission: EmailSubmission): void {
    const content = composer.snapshot();
    const copies = composer.serverCopies.filter((id) => id !== submission.emailId);
    this.drop(composer);
    const until = submission.sendAt ? Date.parse(submission.sendAt) : 0;
    const canUndo = submission.undoStatus === 'pending' && until > Date.now();
    if (canUndo) {
      this.parts.notices.show('sending', { until, undo: () => void this.undoSend(submission, content) });
    } else {
      this.parts.notices.show('sent');
    }
    void this.tidyAfterSend(content, copies);
  }

  /** Marks the message answered and removes the drafts; the mail itself is already on its way. */
  private async tidyAfterSend(content: DraftContent, copies: readonly Id[]): Promise<void> {
    const batch = this.context.client.batch();
    if (copies.length > 0) batch.add('Email/set', { destroy: copies });
    if (content.origin) batch.add('Email/set', { update: { [content.origin.emailId]: { [`keywords/${content.origin.keyword}`]: true } } });
    if (batch.invocations.length === 0) return;
    try {
      await this.context.client.send(batch);
    } catch (error) {
      this.parts.notices.problem(error);
    }
  }

  /** rfc8621#7.5: calls the message back, makes it a draft again and opens it. */
  private async undoSend(submission: EmailSubmission, content: DraftContent): Promise<void> {
    const draftsId = this.context.draftsId();
    const sentId = this.parts.mailboxes.withRole('sent')?.id;
    try {
      const batch = this.context.client.batch();
      const undo = batch.add<SetResponse<EmailSubmission>>('EmailSubmission/set', {
        update: { [submission.id]: { undoStatus: 'canceled' } },
        ...(draftsId === null ? {} : { onSuccessUpdateEmail: { [submission.id]: draftPatch(draftsId, sentId) } }),
      });
      await this.context.client.send(batch);
      requireSet(undo.result());
    } catch (error) {
      if (error instanceof SetRefused) this.parts.notices.show('undoTooLate', { tone: 'problem' });
      else this.parts.notices.problem(error);
      return;
    }
    const composer = this.open(content);
    composer.adoptServerCopy(submission.emailId);
    this.parts.notices.show('undone');
  }

  private drop(composer: Composer): void {
    composer.close();
    this.list = this.list.filter((other) => other !== composer);
  }
}

function sentPatch(draftsId: Id, sentId: Id | undefined): Record<string, unknown> {
  return {
    'keywords/$draft': null,
    'keywords/$seen': true,
    ...(sentId === undefined ? {} : { [`mailboxIds/${draftsId}`]: null, [`mailboxIds/${sentId}`]: true }),
  };
}

function draftPatch(draftsId: Id, sentId: Id | undefined): Record<string, unknown> {
  return {
    'keywords/$draft': true,
    [`mailboxIds/${draftsId}`]: true,
    ...(sentId === undefined ? {} : { [`mailboxIds/${sentId}`]: null }),
  };
}
