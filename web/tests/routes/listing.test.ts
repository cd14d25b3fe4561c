import { expect, test } from 'vitest';
import type { Asked } from '../../src/api/pages';
import { Listing } from '../../src/routes/console/table/listing.svelte';

interface Row {
  id: string;
}

/** A server with `total` rows whose cursor is the number of the next one. */
function served(total: number, asked: Asked[] = []): Listing<Row> {
  return new Listing<Row>((question) => {
    asked.push(question);
    const from = Number(question.cursor ?? 0);
    const to = Math.min(total, from + (question.limit ?? 50));
    return Promise.resolve({ items: Array.from({ length: to - from }, (_, index) => ({ id: String(from + index) })), next: to < total ? String(to) : null });
  }, 10);
}

test('pages go forward and back by the cursors of the server', async () => {
  const listing = served(25);
  await listing.reload();
  expect([listing.items.length, listing.hasBefore, listing.hasNext]).toEqual([10, false, true]);
  await listing.forward();
  await listing.forward();
  expect([listing.items.map((row) => row.id), listing.hasNext, listing.first]).toEqual([['20', '21', '22', '23', '24'], false, 21]);
  await listing.forward();
  expect(listing.first).toBe(21);
  await listing.back();
  expect(listing.items[0]?.id).toBe('10');
});

test('a search begins at the first page and drops the choice', async () => {
  const asked: Asked[] = [];
  const listing = served(25, asked);
  await listing.reload();
  await listing.forward();
  listing.chosen.add('12');
  await listing.search(' กอง ');
  expect(asked.at(-1)).toEqual({ q: 'กอง', cursor: null, limit: 10, sort: null });
  expect(listing.chosen.size).toBe(0);
});

test('an answer that comes late is not shown', async () => {
  const answers: ((page: { items: Row[]; next: null }) => void)[] = [];
  const listing = new Listing<Row>(() => new Promise((resolve) => answers.push(resolve)));
  const first = listing.search('ก');
  const second = listing.search('กอง');
  answers[1]?.({ items: [{ id: 'new' }], next: null });
  answers[0]?.({ items: [{ id: 'old' }], next: null });
  await Promise.all([first, second]);
  expect(listing.items).toEqual([{ id: 'new' }]);
});
