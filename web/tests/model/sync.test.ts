import { expect, test } from 'vitest';
import { Emails } from '../../src/model/emails.svelte';
import { List } from '../../src/model/list.svelte';
import { Mailboxes } from '../../src/model/mailboxes.svelte';
import { Submissions } from '../../src/model/submissions.svelte';
import { Sync } from '../../src/model/sync';
import { FakeServer } from './fake-server';
import { email } from './patch.test';

const TYPES = ['Mailbox', 'Email', 'Thread', 'EmailSubmission'];

function page() {
  const server = new FakeServer();
  for (const type of TYPES) {
    server.methods[`${type}/changes`] = () => ({ oldState: '1', newState: '2', hasMoreChanges: false, created: [], updated: [], destroyed: [] });
    server.methods[`${type}/get`] = () => ({ state: '2', list: [], notFound: [] });
  }
  const emails = new Emails();
  const parts = { emails, mailboxes: new Mailboxes(), list: new List(server.client, emails), submissions: new Submissions(server.client) };
  const sync = new Sync(server.client, parts);
  sync.states = { Mailbox: '1', Email: '1', Thread: '1', EmailSubmission: '1' };
  return { server, sync, ...parts };
}

test('a push becomes one request, and the new state is followed from then on', async () => {
  const { server, sync } = page();
  await sync.pull();
  await sync.pull();
  expect(server.called('Email/changes').map((args) => args['sinceState'])).toEqual(['1', '2']);
});

test('what arrived is known, what is gone is forgotten', async () => {
  const { server, sync, emails } = page();
  emails.mergeSummaries([email({ id: 'old' })]);
  server.methods['Email/changes'] = () => ({ oldState: '1', newState: '2', hasMoreChanges: false, created: ['new'], updated: [], destroyed: ['old'] });
  server.methods['Email/get'] = (args) => ({ list: args['#ids'] && (args['#ids'] as { path: string }).path === '/created' ? [email({ id: 'new' })] : [] });
  const arrived: string[] = [];
  sync.onArrival = (list) => arrived.push(...list.map((one) => one.id));
  await sync.pull();
  expect([arrived, emails.summaries.has('new'), emails.summaries.has('old')]).toEqual([['new'], true, false]);
});

test('goes on while the server has more to tell', async () => {
  const { server, sync } = page();
  let left = 2;
  server.methods['Email/changes'] = () => ({ oldState: String(left), newState: String(left - 1), hasMoreChanges: left-- > 0, created: [], updated: [], destroyed: [] });
  await sync.pull();
  expect(server.called('Email/changes')).toHaveLength(3);
});

test('reads everything anew when differences cannot be told', async () => {
  const { server, sync } = page();
  server.methods['Email/changes'] = () => new Error('cannotCalculateChanges');
  let resets = 0;
  sync.onReset = () => Promise.resolve(void (resets += 1));
  await sync.pull();
  expect(resets).toBe(1);
});

test('pushes during a pull make one more pull, not many', async () => {
  const { server, sync } = page();
  await Promise.all([sync.pull(), sync.pull(), sync.pull(), sync.pull()]);
  expect(server.called('Email/changes')).toHaveLength(2);
});

test('a dead network is the caller’s to know; the next pull starts from the same state', async () => {
  const { server, sync } = page();
  server.fails = 'before';
  await expect(sync.pull()).rejects.toMatchObject({ name: 'NetworkError' });
  server.fails = null;
  await sync.pull();
  expect(server.called('Email/changes').map((args) => args['sinceState'])).toEqual(['1']);
});

test('a push of what is known already asks nobody', () => {
  const { sync } = page();
  expect(sync.isNews({ Email: '1', Mailbox: '1' })).toBe(false);
  expect(sync.isNews({ Email: '1', Mailbox: '2' })).toBe(true);
  expect(sync.isNews({ VacationResponse: '9' })).toBe(false);
});
