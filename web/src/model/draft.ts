import type { EmailAddress, EmailDetail, Id, Identity } from '../jmap';
import { sameAddress, uniqueAddresses } from './addresses';
import { RECEIPT_HEADER } from './receipts';

export interface DraftAttachment {
  blobId: Id;
  name: string;
  type: string;
  size: number;
  /** Set for pictures inside the text. */
  cid: string | null;
}

/** The message answered or forwarded, as it goes below what the person writes. */
export interface Quote {
  html: string;
  text: string;
}

/** Everything a person has put into a message being written. Plain data: it is kept on the machine as JSON. */
export interface DraftContent {
  identityId: Id | null;
  to: EmailAddress[];
  cc: EmailAddress[];
  bcc: EmailAddress[];
  subject: string;
  html: string;
  text: string;
  quote: Quote | null;
  attachments: DraftAttachment[];
  inReplyTo: string[];
  references: string[];
  /** Ask the readers to confirm that they have read it (rfc8098#2.1). */
  wantsReceipt?: boolean;
  /** The email answered or forwarded, marked so once this one is sent. */
  origin: { emailId: Id; keyword: '$answered' | '$forwarded' } | null;
}

export function emptyDraft(identityId: Id | null): DraftContent {
  return {
    identityId,
    to: [],
    cc: [],
    bcc: [],
    subject: '',
    html: '',
    text: '',
    quote: null,
    attachments: [],
    inReplyTo: [],
    references: [],
    origin: null,
  };
}

export type ReplyKind = 'reply' | 'replyAll';

/** A reply as rfc5322#3.6.4 and custom want it. */
export function replyDraft(kind: ReplyKind, email: EmailDetail, identities: readonly Identity[], quote: Quote): DraftContent {
  const own = identities.map((identity): EmailAddress => ({ name: null, email: identity.email }));
  const isMine = (email.from ?? []).some((from) => own.some((address) => sameAddress(address, from)));
  const answerTo = isMine ? (email.to ?? []) : (email.replyTo ?? email.from ?? []);
  const to = uniqueAddresses(kind === 'replyAll' && !isMine ? [...answerTo, ...(email.to ?? [])] : answerTo, isMine ? [] : own);
  const cc = kind === 'replyAll' ? uniqueAddresses(email.cc ?? [], [...own, ...to]) : [];
  return {
    ...emptyDraft(identityFor(email, identities)),
    to: to.length > 0 ? to : answerTo.slice(0, 1),
    cc,
    subject: prefixed('Re', email.subject ?? ''),
    quote,
    attachments: inlineParts(email),
    inReplyTo: email.messageId ?? [],
    references: referencesOf(email),
    origin: { emailId: email.id, keyword: '$answered' },
  };
}

/** A forward carries every attachment by reference: nothing is sent twice over the wire. */
export function forwardDraft(email: EmailDetail, identities: readonly Identity[], quote: Quote): DraftContent {
  const inline = inlineParts(email);
  const rest = email.attachments
    .filter((part) => part.blobId !== null && !inline.some((picture) => picture.blobId === part.blobId))
    .map((part): DraftAttachment => ({ blobId: part.blobId as Id, name: part.name ?? '', type: part.type, size: part.size, cid: null }));
  return {
    ...emptyDraft(identityFor(email, identities)),
    subject: prefixed('Fwd', email.subject ?? ''),
    quote,
    attachments: [...inline, ...rest],
    references: referencesOf(email),
    origin: { emailId: email.id, keyword: '$forwarded' },
  };
}

/** `Re: Re: Re:` helps nobody: one prefix, whatever was there in any of the usual spellings. */
export function prefixed(prefix: 'Re' | 'Fwd', subject: string): string {
  const bare = subject.replace(/^(?:\s*(?:re|fwd?|aw|wg|ตอบ|ตอบกลับ|ส่งต่อ)\s*(?:\[\d+\])?\s*[:：]\s*)+/iu, '').trim();
  return `${prefix}: ${bare}`;
}

/** rfc5322#3.6.4: the parent's References (or its In-Reply-To) and the parent itself. */
function referencesOf(email: EmailDetail): string[] {
  const parents = email.references ?? (email.inReplyTo?.length === 1 ? email.inReplyTo : []);
  return [...new Set([...parents, ...(email.messageId ?? [])])].slice(-50);
}

/** The identity the message was written to. */
export function identityFor(email: EmailDetail, identities: readonly Identity[]): Id | null {
  const people = [...(email.to ?? []), ...(email.cc ?? []), ...(email.bcc ?? []), ...(email.from ?? [])];
  const match = identities.find((identity) => people.some((person) => sameAddress(person, { name: null, email: identity.email })));
  return (match ?? identities[0])?.id ?? null;
}

function inlineParts(email: EmailDetail): DraftAttachment[] {
  return email.attachments
    .filter((part) => part.cid !== null && part.blobId !== null && part.type.startsWith('image/'))
    .map((part) => ({ blobId: part.blobId as Id, name: part.name ?? '', type: part.type, size: part.size, cid: part.cid }));
}

export function recipientsOf(draft: DraftContent): EmailAddress[] {
  return uniqueAddresses([...draft.to, ...draft.cc, ...draft.bcc]);
}

/** Nothing a person would miss. */
export function isBlank(draft: DraftContent): boolean {
  return (
    draft.text.trim() === '' &&
    draft.subject.trim() === '' &&
    recipientsOf(draft).length === 0 &&
    draft.attachments.length === 0 &&
    draft.quote === null
  );
}

export const QUOTE_CLASS = 'pirab-quote';

/** The Email to create (rfc8621#4.6): a text and an HTML version of the same words, and the attachments by blob. */
export function emailObject(draft: DraftContent, identity: Identity | undefined, draftsId: Id, messageId: string): Record<string, unknown> {
  const html = draft.quote ? `${draft.html}<div class="${QUOTE_CLASS}">${draft.quote.html}</div>` : draft.html;
  const text = draft.quote ? `${draft.text}\n\n${draft.quote.text}` : draft.text;
  const some = <T>(name: string, list: readonly T[]): Record<string, unknown> => (list.length > 0 ? { [name]: list } : {});
  return {
    mailboxIds: { [draftsId]: true },
    keywords: { $draft: true, $seen: true },
    ...(identity ? { from: [{ name: identity.name === '' ? null : identity.name, email: identity.email }] } : {}),
    ...some('to', draft.to),
    ...some('cc', draft.cc),
    ...some('bcc', draft.bcc),
    subject: draft.subject,
    messageId: [messageId],
    ...some('inReplyTo', draft.inReplyTo),
    ...some('references', draft.references),
    ...(draft.wantsReceipt && identity ? { [RECEIPT_HEADER]: [{ name: null, email: identity.email }] } : {}),
    textBody: [{ partId: 'text', type: 'text/plain' }],
    htmlBody: [{ partId: 'html', type: 'text/html' }],
    bodyValues: { text: { value: text }, html: { value: html === '' ? '<div><br></div>' : html } },
    ...some('attachments', draft.attachments.map(attachmentObject)),
  };
}

function attachmentObject(attachment: DraftAttachment): Record<string, unknown> {
  return {
    blobId: attachment.blobId,
    type: attachment.type === '' ? 'application/octet-stream' : attachment.type,
    name: attachment.name,
    disposition: attachment.cid === null ? 'attachment' : 'inline',
    ...(attachment.cid === null ? {} : { cid: attachment.cid }),
  };
}

/** `> ` before every line (rfc3676#4.5). */
export function quoteText(attribution: string, text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').trimEnd().split('\n');
  return `${attribution}\n${lines.map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`)).join('\n')}\n`;
}
