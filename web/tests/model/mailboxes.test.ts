import { expect, test } from 'vitest';
import type { Mailbox } from '../../src/jmap';
import { ownMailboxes } from '../../src/model/mailboxes.svelte';

const box = (id: string, name: string, parentId: string | null = null, role: Mailbox['role'] = null): Mailbox => ({ id, name, parentId, role, sortOrder: 0 }) as Mailbox;
const shape = (list: Mailbox[]): [string, number][] => ownMailboxes(list).map((node) => [node.mailbox.id, node.depth]);

test('children stand below their parents, in Thai order', () => {
  expect(shape([box('k', 'ขอนแก่น'), box('c', 'เชียงใหม่', 'n'), box('n', 'เหนือ'), box('g', 'กลาง')])).toEqual([['g', 0], ['k', 0], ['n', 0], ['c', 1]]);
});

test('a lost parent makes a top mailbox, a circle is cut, nothing is shown twice or lost', () => {
  const list = [box('a', 'ก', 'b'), box('b', 'ข', 'a'), box('c', 'ค', 'nobody'), box('i', 'inbox', null, 'inbox')];
  expect(shape(list).map(([id]) => id).sort()).toEqual(['a', 'b', 'c']);
});

test('five thousand mailboxes are no trouble', () => {
  const list = Array.from({ length: 5000 }, (_, index) => box(`m${index}`, `กล่อง ${index}`, index % 10 === 0 ? null : `m${index - (index % 10)}`));
  expect(ownMailboxes(list)).toHaveLength(5000);
});
