import { expect, test } from 'vitest';
import type { RemovedEmail } from '../../src/jmap';
import { daysLeft, emptyMailbox, Removed } from '../../src/model/removed.svelte';
import { FakeServer } from './fake-server';

function removed(id: string): RemovedEmail {
  const day = '2026-12-24T00:00:00Z';
  return { id, mailboxIds: { m1: true }, size: 1, receivedAt: day, removedAt: day, recoverableUntil: day, subject: id, from: null, to: null, hasAttachment: false, preview: '' };
}

function serverWith(ids: string[]): FakeServer {
  const server = new FakeServer();
  server.methods['RemovedEmail/query'] = ({ position }) => ({ ids: ids.slice(Number(position)).slice(0, 50), total: ids.length });
  server.methods['RemovedEmail/get'] = () => ({ list: ids.map(removed), notFound: [] });
  return server;
}

test('what is asked back comes back in steps, and each refusal is counted', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `d${index}`);
  const server = serverWith(ids);
  const steps: string[][] = [];
  server.methods['RemovedEmail/restore'] = (args) => {
    const some = args['ids'] as string[];
    steps.push(some);
    const restored = Object.fromEntries(some.slice(3).map((id) => [id, { id, mailboxIds: { m1: true } }]));
    return { restored, notRestored: { [some[0]!]: { type: 'overQuota' }, [some[1]!]: { type: 'notFound' }, [some[2]!]: { type: 'strange' } } };
  };
  const screen = new Removed(server.client);
  await screen.search('');
  screen.chooseAll(true);
  await screen.restore();
  expect(steps.map((step) => step.length)).toEqual([25, 15]);
  expect(screen.result).toEqual({ count: 34, problems: { overQuota: 2, gone: 2, failed: 2 }, mailboxId: 'm1' });
  expect(screen.progress).toBeNull();
});

test('more is read after what is shown; a choice of what is gone is forgotten', async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `d${index}`);
  const server = serverWith(ids);
  const screen = new Removed(server.client);
  await screen.search('x');
  await screen.more();
  expect(screen.list).toHaveLength(60);
  screen.choose('d59', true);
  ids.pop();
  await screen.search('');
  expect([...screen.chosen]).toEqual([]);
  expect(server.called('RemovedEmail/query').map((args) => args['filter'])).toEqual([{ text: 'x' }, { text: 'x' }, null]);
});

test('a failure to read is shown, and a failure to restore ends the bar', async () => {
  const server = serverWith(['d1']);
  const screen = new Removed(server.client);
  await screen.search('');
  screen.chooseAll(true);
  server.fails = 'before';
  await expect(screen.restore()).rejects.toThrow();
  expect([screen.progress, screen.status]).toEqual([null, 'failed']);
});

test('days are told as people count them', () => {
  const now = Date.parse('2026-12-24T00:00:00Z');
  const left = (iso: string): number => daysLeft({ ...removed('d1'), recoverableUntil: iso }, now);
  expect(['2027-01-22T23:59:00Z', '2026-12-25T01:00:00Z', '2026-12-24T23:00:00Z', '2026-12-01T00:00:00Z'].map(left)).toEqual([30, 1, 0, 0]);
});

test('a mailbox is emptied until nothing is left, and a server that keeps everything ends it', async () => {
  const server = new FakeServer();
  let left = 450;
  server.methods['Email/query'] = () => ({ ids: Array.from({ length: Math.min(200, left) }, (_, index) => `e${index}`) });
  server.methods['Email/set'] = () => {
    const gone = Math.min(200, left);
    left -= gone;
    return { destroyed: Array.from({ length: gone }, (_, index) => `e${index}`) };
  };
  const told: number[] = [];
  expect(await emptyMailbox(server.client, 'm1', (done) => told.push(done))).toBe(450);
  expect(told).toEqual([200, 400, 450]);
  left = 450;
  server.methods['Email/set'] = () => ({ destroyed: null });
  await expect(emptyMailbox(server.client, 'm1', () => undefined)).rejects.toThrow();
});
