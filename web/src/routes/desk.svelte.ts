import type { EmailSummary, Id, MailboxRole } from '../jmap';
import { isUnread, sourceKey, type Mail, type Row, type Source } from '../model';
import { withThread, type Route } from './route';
import { router } from './router.svelte';
import { runShortcut } from './shortcuts';
import type { Writing } from './writing';

/** What lies in front of the person: the list's current row, the open conversation, and what may be done with it. */
export class Desk {
  /** The row that keys act on. */
  current = $state(0);
  isNavOpen = $state(false);
  isHelpOpen = $state(false);
  isVacationOpen = $state(false);
  isRulesOpen = $state(false);
  isMoveOpen = $state(false);
  isLabelOpen = $state(false);
  /** Messages that wait for a "yes" before they are gone for good. */
  toDestroy = $state.raw<readonly EmailSummary[]>([]);
  /** Raised to put the focus into the search box. */
  searchFocus = $state(0);

  constructor(readonly mail: Mail) {}

  readonly source = $derived.by(() => this.sourceOf(router.route));
  readonly openThread = $derived(router.route.threadId);

  /** Role of the mailbox shown; null in a mailbox without one, and in a search. */
  readonly role = $derived.by((): MailboxRole | null => {
    const { source } = this;
    return source?.kind === 'mailbox' ? (this.mail.mailboxes.byId.get(source.mailboxId)?.role ?? null) : null;
  });

  readonly showsRecipients = $derived(this.role === 'sent' || this.role === 'drafts');

  /** Whether the list shows this mailbox. */
  shows(mailboxId: Id): boolean {
    return this.source?.kind === 'mailbox' && this.source.mailboxId === mailboxId;
  }

  get sourceKey(): string | null {
    return this.source && sourceKey(this.source);
  }

  async openList(): Promise<void> {
    if (!this.source) return;
    this.current = 0;
    await this.mail.list.open(this.source);
  }

  private sourceOf(route: Route): Source | null {
    const { mailboxes } = this.mail;
    if (route.kind === 'settings' || route.kind === 'people' || route.kind === 'contacts' || route.kind === 'console') return null;
    if (route.kind === 'search') return { kind: 'search', text: route.text };
    const mailbox = mailboxes.find(route.mailbox) ?? mailboxes.withRole('inbox');
    return mailbox ? { kind: 'mailbox', mailboxId: mailbox.id } : null;
  }

  row(index: number): Row | undefined {
    return this.mail.list.row(index, this.showsRecipients);
  }

  /** The address of a row's conversation. */
  routeOfThread(threadId: Id): Route {
    return withThread(router.route, threadId);
  }

  openRow(index: number): void {
    if (this.source === null) return;
    const row = this.row(index);
    if (!row) return;
    this.current = index;
    if (this.role === 'drafts' && row.email.keywords['$draft'] === true) {
      this.mail.composers.openDraft(row.emailId).catch((error: unknown) => this.mail.notices.problem(error));
      return;
    }
    router.openThread(row.threadId);
    // The neighbours are what people open next.
    for (const index_ of [index + 1, index - 1]) {
      const neighbour = this.mail.list.threadAt(index_);
      if (neighbour !== undefined) this.mail.reader.prefetch(neighbour);
    }
  }

  step(by: 1 | -1): void {
    if (this.source === null) return;
    const next = Math.max(0, Math.min(this.mail.list.window.length - 1, this.current + by));
    if (next === this.current && this.openThread !== null) return;
    this.current = next;
    if (this.openThread !== null && this.role !== 'drafts') this.openRow(next);
  }

  back(): void {
    if (this.openThread !== null) router.go(withThread(router.route, null));
  }

  /** The open conversation, or else the current row's; none where no mail is shown. */
  get targetThread(): Id | undefined {
    if (this.source === null) return undefined;
    return this.openThread ?? this.mail.list.threadAt(this.current);
  }

  /** The messages a command on `threadId` is about: those in the mailbox shown, or all that are found. */
  messagesOf(threadId: Id | undefined): EmailSummary[] {
    if (threadId === undefined) return [];
    const { source } = this;
    const members = this.mail.emails.members(threadId);
    if (source?.kind !== 'mailbox') return members.filter((email) => email.keywords['$draft'] !== true);
    const here = members.filter((email) => email.mailboxIds[source.mailboxId] === true);
    return here.length > 0 ? here : members;
  }

  moveToRole(role: MailboxRole, threadId = this.targetThread): void {
    const emails = this.messagesOf(threadId);
    if (emails.length === 0 || this.role === role) return;
    this.leave(threadId);
    void this.mail.actions.moveToRole(emails, role);
  }

  moveTo(mailboxId: Id, threadId = this.targetThread): void {
    const emails = this.messagesOf(threadId);
    this.leave(threadId);
    void this.mail.actions.move(emails, mailboxId);
  }

  trash(threadId = this.targetThread): void {
    if (this.role === 'trash') this.toDestroy = this.messagesOf(threadId);
    else this.moveToRole('trash', threadId);
  }

  destroyNow(): void {
    const emails = this.toDestroy;
    this.toDestroy = [];
    this.leave(emails[0]?.threadId);
    void this.mail.actions.destroyForever(emails);
  }

  toggleJunk(threadId = this.targetThread): void {
    if (this.role !== 'junk') {
      this.moveToRole('junk', threadId);
      return;
    }
    const emails = this.messagesOf(threadId);
    this.leave(threadId);
    void this.mail.actions.notJunk(emails);
  }

  toggleRead(threadId = this.targetThread): void {
    const emails = this.messagesOf(threadId);
    if (emails.some(isUnread)) {
      void this.mail.actions.markRead(emails);
      return;
    }
    if (this.openThread === threadId) this.back();
    void this.mail.actions.markUnread(emails.slice(-1));
  }

  toggleStar(threadId = this.targetThread): void {
    const members = threadId === undefined ? [] : this.mail.emails.members(threadId);
    const starred = members.filter((email) => email.keywords['$flagged'] === true);
    if (starred.length > 0) void this.mail.actions.unstar(starred);
    else void this.mail.actions.star(this.messagesOf(threadId).slice(-1));
  }

  /** The newest message of the open conversation that can be answered. */
  get answerable(): EmailSummary | undefined {
    if (this.openThread === null) return undefined;
    return this.mail.emails.members(this.openThread).findLast((email) => email.keywords['$draft'] !== true);
  }

  /** A key pressed while a message's frame had the focus. Only plain keys; the frame may be lying, and these do no harm. */
  keyFromFrame(key: string, writing: Writing): void {
    if (/^[jkourafc?/]$|^Escape$/.test(key)) runShortcut(key, this, writing);
  }

  /** Goes on to the next conversation when the one that is leaving was open. */
  private leave(threadId: Id | undefined): void {
    if (threadId === undefined || this.openThread !== threadId) return;
    const at = this.mail.list.indexOfThread(threadId);
    const next = this.mail.list.threadAt(at + 1) ?? this.mail.list.threadAt(at - 1);
    const isSinglePane = matchMedia('(max-width: 720px)').matches;
    if (isSinglePane || next === undefined || at < 0) this.back();
    else router.openThread(next);
  }
}
