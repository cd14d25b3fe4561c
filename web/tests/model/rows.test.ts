import { expect, test } from 'vitest';
import { rowOf } from '../../src/model/rows';
import { email } from './patch.test';

const from = (address: string) => [{ name: null, email: address }];

test('a row tells of the whole conversation', () => {
  const older = email({ id: 'e0', from: from('a@x.test'), keywords: { $flagged: true }, hasAttachment: true });
  const newest = email({ id: 'e1', from: from('b@x.test'), keywords: { $seen: true } });
  const row = rowOf(newest, [older, newest], false);
  expect(row).toMatchObject({ count: 2, isUnread: true, isStarred: true, hasAttachment: true, hasDraft: false });
  expect(row.people.map((person) => person.email)).toEqual(['a@x.test', 'b@x.test']);
});

test('an answer begun does not count as a message', () => {
  const sent = email({ from: from('a@x.test'), keywords: { $seen: true } });
  const draft = email({ id: 'e2', from: from('me@x.test'), keywords: { $draft: true } });
  expect(rowOf(sent, [sent, draft], false)).toMatchObject({ count: 1, hasDraft: true, isUnread: false, people: from('a@x.test') });
});

test('without its thread a row shows its own message', () => {
  expect(rowOf(email({ from: null }), [], false)).toMatchObject({ count: 1, people: [], isUnread: true });
});
