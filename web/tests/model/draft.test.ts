import { describe, expect, test } from 'vitest';
import type { EmailDetail, Identity } from '../../src/jmap';
import { emailObject, emptyDraft, forwardDraft, isBlank, prefixed, quoteText, recipientsOf, replyDraft } from '../../src/model/draft';

const identity: Identity = { id: 'i1', name: 'สมชาย', email: 'me@x.test', replyTo: null, bcc: null, textSignature: '', htmlSignature: '', mayDelete: false };
const person = (email: string) => ({ name: null, email });
const quote = { html: '<blockquote>x</blockquote>', text: '> x' };

const mail = (changes: Partial<EmailDetail> = {}): EmailDetail =>
  ({
    id: 'e1', threadId: 't1', mailboxIds: {}, keywords: {}, subject: 'ขอเชิญประชุม', receivedAt: '', preview: '', hasAttachment: false,
    from: [person('boss@x.test')], to: [person('me@x.test'), person('col@x.test')], cc: [person('cc@x.test'), person('ME@x.test')], bcc: null,
    replyTo: null, sender: null, messageId: ['m1@x'], inReplyTo: null, references: ['r0@x'], sentAt: null, blobId: 'b', size: 1,
    textBody: [], htmlBody: [], attachments: [], bodyValues: {}, ...changes,
  }) as EmailDetail;

const emails = (list: { email: string }[]): string[] => list.map((address) => address.email);

describe('an answer', () => {
  test('goes to the sender and carries the thread (rfc5322#3.6.4)', () => {
    const draft = replyDraft('reply', mail(), [identity], quote);
    expect(emails(draft.to)).toEqual(['boss@x.test']);
    expect([draft.inReplyTo, draft.references, draft.subject]).toEqual([['m1@x'], ['r0@x', 'm1@x'], 'Re: ขอเชิญประชุม']);
    expect(draft.origin).toEqual({ emailId: 'e1', keyword: '$answered' });
  });

  test('to all leaves oneself out and nobody twice', () => {
    const draft = replyDraft('replyAll', mail(), [identity], quote);
    expect([emails(draft.to), emails(draft.cc)]).toEqual([['boss@x.test', 'col@x.test'], ['cc@x.test']]);
  });

  test('honours Reply-To', () => {
    expect(emails(replyDraft('reply', mail({ replyTo: [person('office@x.test')] }), [identity], quote).to)).toEqual(['office@x.test']);
  });

  test('to one’s own sent mail goes on to its recipients', () => {
    const own = mail({ from: [person('me@x.test')], to: [person('a@x.test')], cc: null });
    expect(emails(replyDraft('reply', own, [identity], quote).to)).toEqual(['a@x.test']);
  });

  test('to a mail to oneself still has a recipient', () => {
    const self = mail({ from: [person('me@x.test')], to: [person('me@x.test')], cc: null });
    expect(emails(replyDraft('replyAll', self, [identity], quote).to)).toEqual(['me@x.test']);
  });

  test('to a mail without any sender has none, and does not fail', () => {
    expect(replyDraft('reply', mail({ from: null, messageId: null, references: null }), [identity], quote)).toMatchObject({ to: [], references: [] });
  });

  test('a thread of a thousand references stays short', () => {
    const references = Array.from({ length: 1000 }, (_, index) => `r${index}@x`);
    expect(replyDraft('reply', mail({ references }), [identity], quote).references).toHaveLength(50);
  });
});

test('a forward carries all files by reference, pictures of the text as such', () => {
  const part = { partId: '2', size: 5, disposition: 'attachment' };
  const attachments = [
    { ...part, blobId: 'b1', name: 'หนังสือ.pdf', type: 'application/pdf', cid: null },
    { ...part, blobId: 'b2', name: 'logo.png', type: 'image/png', cid: 'logo@x' },
    { ...part, blobId: null, name: 'broken', type: 'application/x', cid: null },
  ];
  const draft = forwardDraft(mail({ attachments }), [identity], quote);
  expect(draft.attachments.map((file) => [file.blobId, file.cid])).toEqual([['b2', 'logo@x'], ['b1', null]]);
  expect([draft.to, draft.subject]).toEqual([[], 'Fwd: ขอเชิญประชุม']);
});

test.each([
  ['Re: RE: re[2]: ข้อความ', 'Re: ข้อความ'],
  ['ตอบกลับ: AW: x', 'Re: x'],
  ['', 'Re: '],
  ['Report: x', 'Re: Report: x'],
])('%j answered is %j', (subject, expected) => {
  expect(prefixed('Re', subject)).toBe(expected);
});

test('the email to create has a text and an HTML version and the files (rfc8621#4.6)', () => {
  const draft = { ...emptyDraft('i1'), to: [person('a@x.test')], subject: 's', html: '<b>x</b>', text: 'x', quote, attachments: [{ blobId: 'b1', name: 'ก.pdf', type: '', size: 1, cid: null }] };
  const object = emailObject(draft, identity, 'md', 'id@x');
  expect(object).toMatchObject({
    mailboxIds: { md: true },
    keywords: { $draft: true },
    from: [{ name: 'สมชาย', email: 'me@x.test' }],
    messageId: ['id@x'],
    bodyValues: { text: { value: 'x\n\n> x' }, html: { value: '<b>x</b><div class="pirab-quote"><blockquote>x</blockquote></div>' } },
    attachments: [{ blobId: 'b1', type: 'application/octet-stream', name: 'ก.pdf', disposition: 'attachment' }],
  });
  expect(object).not.toHaveProperty('cc');
});

test('a message is blank only when nothing would be missed', () => {
  expect(isBlank(emptyDraft(null))).toBe(true);
  expect(isBlank({ ...emptyDraft(null), text: ' \n' })).toBe(true);
  expect(isBlank({ ...emptyDraft(null), bcc: [person('a@x.test')] })).toBe(false);
  expect(isBlank({ ...emptyDraft(null), quote })).toBe(false);
});

test('every recipient is in the envelope once', () => {
  const draft = { ...emptyDraft(null), to: [person('a@x.test')], cc: [person('A@x.test')], bcc: [person('b@x.test')] };
  expect(emails(recipientsOf(draft))).toEqual(['a@x.test', 'b@x.test']);
});

test('quotes nest by one more mark (rfc3676#4.5)', () => {
  expect(quoteText('เขียนว่า:', 'ก\r\n> ข\n\n')).toBe('เขียนว่า:\n> ก\n>> ข\n');
});
