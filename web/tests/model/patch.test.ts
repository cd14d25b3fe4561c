import { expect, test } from 'vitest';
import type { EmailSummary } from '../../src/jmap';
import { countDeltas, inverse, moveTo, patched, patchObject } from '../../src/model/patch';

export const email = (changes: Partial<EmailSummary> = {}): EmailSummary => ({
  id: 'e1',
  threadId: 't1',
  mailboxIds: { inbox: true },
  keywords: {},
  from: null,
  to: null,
  subject: null,
  receivedAt: '2026-11-24T00:00:00Z',
  preview: '',
  hasAttachment: false,
  ...changes,
});

test('a patch is written as rfc8620#5.3 wants it, odd keywords too', () => {
  expect(patchObject({ keywords: { $seen: true, 'a/b~c': false }, mailboxIds: { m1: false } })).toEqual({
    'keywords/$seen': true,
    'keywords/a~1b~0c': null,
    'mailboxIds/m1': null,
  });
});

test('the inverse brings back exactly what was', () => {
  const before = email({ mailboxIds: { inbox: true, project: true }, keywords: { $flagged: true } });
  const patch = { ...moveTo(before, 'trash'), keywords: { $flagged: true, $seen: true } };
  const after = patched(before, patch);
  expect(after.mailboxIds).toEqual({ trash: true });
  expect(patched(after, inverse(before, patch))).toEqual(before);
});

test('moving to where it is already changes nothing', () => {
  expect(moveTo(email(), 'inbox')).toEqual({ mailboxIds: {} });
});

test('counts follow reads and moves; drafts are never unread', () => {
  const unread = email();
  const read = patched(unread, { keywords: { $seen: true } });
  expect(countDeltas(unread, read).get('inbox')).toEqual({ total: 0, unread: -1 });
  const moved = patched(unread, moveTo(unread, 'trash'));
  expect(Object.fromEntries(countDeltas(unread, moved))).toEqual({ inbox: { total: -1, unread: -1 }, trash: { total: 1, unread: 1 } });
  const draft = email({ keywords: { $draft: true } });
  expect(countDeltas(draft, patched(draft, moveTo(draft, 'trash'))).get('trash')).toEqual({ total: 1, unread: 0 });
});
