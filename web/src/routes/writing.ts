import { i18n } from '../i18n/index.svelte';
import type { EmailAddress, EmailDetail, EmailSummary, Id } from '../jmap';
import { displayName, emptyDraft, forwardDraft, parseAddresses, quoteText, replyDraft, type Mail, type ReplyKind } from '../model';
import type { Desk } from './desk.svelte';

/** Starts messages: new ones, answers, forwards. The words put into a quote are in the person's language. */
export class Writing {
  constructor(
    private readonly mail: Mail,
    private readonly desk: Desk,
  ) {}

  /** Whether the person may write here; says so where they may not. */
  private get isAllowed(): boolean {
    if (!this.mail.client.mayWrite) this.mail.notices.show('forbidden', { tone: 'problem' });
    return this.mail.client.mayWrite;
  }

  compose(): void {
    if (this.isAllowed) this.mail.composers.open();
  }

  /** Opens a message to the addresses of a `mailto:` link (rfc6068); only addresses and subject are taken from it. */
  composeTo(href: string): void {
    if (!this.isAllowed) return;
    const url = new URL(href);
    const to = parseAddresses(decodeURIComponent(url.pathname)).accepted;
    const subject = url.searchParams.get('subject') ?? '';
    this.mail.composers.open({ ...emptyDraft(null), to, subject: subject.slice(0, 400) }).touch();
  }

  /** Answers the open conversation's newest message, or the one given. */
  answer(kind: ReplyKind | 'forward', email: EmailSummary | undefined = this.desk.answerable): void {
    if (email && this.isAllowed) void this.open(kind, email.id).catch((error: unknown) => this.mail.notices.problem(error));
  }

  private async open(kind: ReplyKind | 'forward', id: Id): Promise<void> {
    const [{ bodyText, quoteOf }] = await Promise.all([import('../model/html'), this.mail.reader.loadDetails([id])]);
    const email = this.mail.emails.details.get(id);
    if (!email) return;
    const head = kind === 'forward' ? forwardHead(email) : attribution(email);
    const text = kind === 'forward' ? `${head}\n\n${bodyText(email)}` : quoteText(head, bodyText(email));
    const quote = quoteOf(email, head, text);
    const { identities } = this.mail;
    this.mail.composers.open(kind === 'forward' ? forwardDraft(email, identities, quote) : replyDraft(kind, email, identities, quote));
  }
}

function attribution(email: EmailDetail): string {
  const from = email.from?.[0];
  return i18n.t.replyAttribution(i18n.fullDate(email.sentAt ?? email.receivedAt), from ? displayName(from) : i18n.t.noSender);
}

function forwardHead(email: EmailDetail): string {
  const { t } = i18n;
  const people = (list: EmailAddress[] | null): string => (list ?? []).map((person) => `${displayName(person)} <${person.email}>`).join(', ');
  const lines = [
    t.forwardedMessage,
    `${t.from}: ${people(email.from)}`,
    `${t.date}: ${i18n.fullDate(email.sentAt ?? email.receivedAt)}`,
    `${t.subject}: ${email.subject ?? ''}`,
    `${t.to}: ${people(email.to)}`,
  ];
  if (email.cc && email.cc.length > 0) lines.push(`${t.cc}: ${people(email.cc)}`);
  return lines.join('\n');
}
