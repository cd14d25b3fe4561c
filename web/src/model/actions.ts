import { requireSet, type Client, type EmailSummary, type Id, type MailboxRole, type SetResponse } from '../jmap';
import type { Emails } from './emails.svelte';
import type { List } from './list.svelte';
import type { Mailboxes } from './mailboxes.svelte';
import type { NoticeKind, Notices } from './notices.svelte';
import { countDeltas, inverse, moveTo, patched, patchObject, type CountDelta, type EmailPatch } from './patch';

interface Parts {
  emails: Emails;
  mailboxes: Mailboxes;
  list: List;
  notices: Notices;
}

type Patches = Map<Id, EmailPatch>;

const MOVED: Partial<Record<MailboxRole, NoticeKind>> = { trash: 'trashed', archive: 'archived', junk: 'junked' };

/**
 * What a person does to mail. Everything shows at once; if the server refuses, it is taken back and said so.
 */
export class Actions {
  constructor(
    private readonly client: Client,
    private readonly parts: Parts,
  ) {}

  markRead(emails: readonly EmailSummary[]): Promise<void> {
    return this.keyword(emails, '$seen', true);
  }

  markUnread(emails: readonly EmailSummary[]): Promise<void> {
    return this.keyword(emails, '$seen', false);
  }

  star(emails: readonly EmailSummary[]): Promise<void> {
    return this.keyword(emails, '$flagged', true);
  }

  unstar(emails: readonly EmailSummary[]): Promise<void> {
    return this.keyword(emails, '$flagged', false);
  }

  async moveToRole(emails: readonly EmailSummary[], role: MailboxRole): Promise<void> {
    const target = this.parts.mailboxes.withRole(role);
    if (target) await this.move(emails, target.id, role === 'junk' ? { $junk: true, $notjunk: false } : undefined);
  }

  async notJunk(emails: readonly EmailSummary[]): Promise<void> {
    const inbox = this.parts.mailboxes.withRole('inbox');
    if (inbox) await this.move(emails, inbox.id, { $junk: false, $notjunk: true }, 'notJunk');
  }

  /** Shows messages in one more mailbox. */
  addLabel(emails: readonly EmailSummary[], mailboxId: Id): Promise<void> {
    return this.applyOrSay(new Map(emails.map((email) => [email.id, { mailboxIds: { [mailboxId]: true } }])));
  }

  /** Takes messages out of one mailbox; what would lie in none goes to the archive. */
  removeLabel(emails: readonly EmailSummary[], mailboxId: Id): Promise<void> {
    const archive = this.parts.mailboxes.withRole('archive') ?? this.parts.mailboxes.withRole('inbox');
    const patches: Patches = new Map();
    for (const email of emails) {
      if (email.mailboxIds[mailboxId] !== true) continue;
      const isLast = Object.keys(email.mailboxIds).length === 1;
      patches.set(email.id, { mailboxIds: { [mailboxId]: false, ...(isLast && archive ? { [archive.id]: true } : {}) } });
    }
    return this.applyOrSay(patches);
  }

  /** Remembers that nobody is to be told that this message was read. */
  declineReceipt(email: EmailSummary): Promise<void> {
    return this.keyword([email], '$mdnsent', true);
  }

  /** Moves messages into one mailbox, with undo. */
  async move(emails: readonly EmailSummary[], mailboxId: Id, keywords?: Record<string, boolean>, said?: NoticeKind): Promise<void> {
    const patches: Patches = new Map();
    for (const email of emails) {
      const patch = moveTo(email, mailboxId);
      if (Object.keys(patch.mailboxIds ?? {}).length > 0) patches.set(email.id, keywords ? { ...patch, keywords } : patch);
    }
    if (patches.size === 0) return;
    const target = this.parts.mailboxes.byId.get(mailboxId);
    const undo: Patches = new Map();
    for (const [id, patch] of patches) {
      const email = this.parts.emails.summaries.get(id);
      if (email) undo.set(id, inverse(email, patch));
    }
    const kind = said ?? (target?.role ? MOVED[target.role] : undefined) ?? 'moved';
    this.parts.notices.show(kind, {
      count: emails.length,
      name: target?.name ?? '',
      undo: () => void this.apply(undo).then(() => this.parts.list.refresh()).catch((error: unknown) => this.parts.notices.problem(error)),
    });
    await this.applyOrSay(patches);
  }

  /** Removes messages for good; the caller has asked the person. */
  async destroyForever(emails: readonly EmailSummary[]): Promise<void> {
    const ids = emails.map((email) => email.id);
    const restore = this.parts.list.takeOut(this.rowsOf(emails));
    try {
      requireSet(await this.client.call<SetResponse<EmailSummary>>('Email/set', { destroy: ids }));
      this.parts.emails.forget(ids);
      this.parts.notices.show('destroyed', { count: ids.length });
    } catch (error) {
      restore();
      this.parts.notices.problem(error);
    }
  }

  private keyword(emails: readonly EmailSummary[], keyword: string, isSet: boolean): Promise<void> {
    const patches: Patches = new Map();
    for (const email of emails) {
      if ((email.keywords[keyword] === true) !== isSet) patches.set(email.id, { keywords: { [keyword]: isSet } });
    }
    return this.applyOrSay(patches);
  }

  private async applyOrSay(patches: Patches): Promise<void> {
    try {
      await this.apply(patches);
    } catch (error) {
      this.parts.notices.problem(error);
    }
  }

  private async apply(patches: Patches): Promise<void> {
    if (patches.size === 0) return;
    const restore = this.show(patches);
    const update: Record<Id, unknown> = {};
    for (const [id, patch] of patches) update[id] = patchObject(patch);
    try {
      requireSet(await this.client.call<SetResponse<EmailSummary>>('Email/set', { update }));
    } catch (error) {
      restore();
      throw error;
    }
  }

  /** Shows the patches in emails, counts and list; the answer takes it all back. */
  private show(patches: Patches): () => void {
    const { emails, mailboxes, list } = this.parts;
    const deltas = new Map<Id, CountDelta>();
    const before: EmailSummary[] = [];
    for (const [id, patch] of patches) {
      const email = emails.summaries.get(id);
      if (!email) continue;
      before.push(email);
      for (const [mailboxId, delta] of countDeltas(email, patched(email, patch))) {
        const sum = deltas.get(mailboxId) ?? { total: 0, unread: 0 };
        deltas.set(mailboxId, { total: sum.total + delta.total, unread: sum.unread + delta.unread });
      }
    }
    const restoreEmails = emails.patch(patches);
    mailboxes.count(deltas);
    const gone = this.rowsGone(before);
    const restoreList = gone.size > 0 ? list.takeOut(gone) : () => undefined;
    return () => {
      restoreEmails();
      mailboxes.count(new Map([...deltas].map(([id, delta]) => [id, { total: -delta.total, unread: -delta.unread }])));
      restoreList();
    };
  }

  /** Rows whose conversation has no message left in the mailbox shown. */
  private rowsGone(changed: readonly EmailSummary[]): Set<Id> {
    const { list, emails } = this.parts;
    const source = list.source;
    if (source?.kind !== 'mailbox') return new Set();
    const threads = new Set(changed.map((email) => email.threadId));
    const gone = new Set<Id>();
    for (const id of list.window) {
      const email = id === undefined ? undefined : emails.summaries.get(id);
      if (!email || !threads.has(email.threadId)) continue;
      const members = emails.members(email.threadId);
      const isHere = (members.length > 0 ? members : [email]).some((member) => member.mailboxIds[source.mailboxId] === true);
      if (!isHere) gone.add(email.id);
    }
    return gone;
  }

  private rowsOf(destroyed: readonly EmailSummary[]): Set<Id> {
    const ids = new Set(destroyed.map((email) => email.id));
    return new Set(this.parts.list.window.filter((id): id is Id => id !== undefined && ids.has(id)));
  }
}
