import { expect, test } from 'vitest';
import { emptyDraft } from '../../src/model/draft';
import { FakeStorage } from './fake-server';
import { LocalDrafts, type LocalDraft } from '../../src/model/local-drafts';

const draft = (key: string, changedAt: number, accountId = 'a1'): LocalDraft => ({
  key, accountId, changedAt, content: { ...emptyDraft(null), text: key }, serverId: null, staleIds: [], attempt: null, unfinished: [],
});

test('what was kept comes back, oldest first, for its own account only', () => {
  const storage = new FakeStorage();
  const local = new LocalDrafts(storage, 'a1');
  local.put(draft('second', 2));
  local.put(draft('first', 1));
  new LocalDrafts(storage, 'a2').put(draft('other', 3, 'a2'));
  expect(local.list().map((kept) => kept.content.text)).toEqual(['first', 'second']);
  local.remove('first');
  expect(local.list()).toHaveLength(1);
});

test('a full storage is told, not thrown', () => {
  const storage = new FakeStorage();
  storage.isFull = true;
  expect(new LocalDrafts(storage, 'a1').put(draft('x', 1))).toBe(false);
});

test.each(['{', 'null', '[]', '{"key":1}', '{"key":"x","content":{"html":5}}'])('a damaged entry %j is not shown and not destroyed', (text) => {
  const storage = new FakeStorage();
  storage.setItem('pirab.draft.a1.bad', text);
  expect(new LocalDrafts(storage, 'a1').list()).toEqual([]);
  expect(storage.length).toBe(1);
});

test('signing out clears one’s own copies only', () => {
  const storage = new FakeStorage();
  const local = new LocalDrafts(storage, 'a1');
  local.put(draft('mine', 1));
  storage.setItem('pirab.language', 'en');
  local.clear();
  expect([...storage.items.keys()]).toEqual(['pirab.language']);
});
