import { expect, test } from 'vitest';
import type { Mailbox } from '../../src/jmap';
import { Actions } from '../../src/model/actions';
import { Emails } from '../../src/model/emails.svelte';
import { List } from '../../src/model/list.svelte';
import { Mailboxes } from '../../src/model/mailboxes.svelte';
import { Notices } from '../../src/model/notices.svelte';
import { FakeServer } from './fake-server';
import { email } from './patch.test';

function page() {
  const server = new FakeServer();
  const emails = new Emails();
  const list = new List(server.client, emails);
  const mailboxes = new Mailboxes();
  mailboxes.merge(['inbox', 'trash', 'junk'].map((role) => ({ id: role, name: role, role, totalEmails: 1, unreadEmails: 1 })) as Mailbox[]);
  const notices = new Notices();
  const letter = email();
  emails.mergeSummaries([letter]);
  emails.mergeThreads([{ id: 't1', emailIds: ['e1'] }]);
  list.source = { kind: 'mailbox', mailboxId: 'inbox' };
  list.window = ['e1'];
  return { server, emails, list, mailboxes, notices, letter, actions: new Actions(server.client, { emails, mailboxes, list, notices }) };
}

test('a message thrown away is gone at once, with its counts, and the server is told exactly that', async () => {
  const { server, actions, list, mailboxes, letter } = page();
  const done = actions.moveToRole([letter], 'trash');
  expect([list.window, mailboxes.byId.get('inbox')?.unreadEmails, mailboxes.byId.get('trash')?.totalEmails]).toEqual([[], 0, 2]);
  await done;
  expect(server.called('Email/set')[0]?.['update']).toEqual({ e1: { 'mailboxIds/inbox': null, 'mailboxIds/trash': true } });
});

test('what the server refuses is taken back and said', async () => {
  const { server, actions, emails, list, mailboxes, notices, letter } = page();
  server.methods['Email/set'] = () => ({ notUpdated: { e1: { type: 'forbidden' } } });
  await actions.moveToRole([letter], 'trash');
  expect([emails.summaries.get('e1'), list.window, mailboxes.byId.get('inbox')?.totalEmails]).toEqual([letter, ['e1'], 1]);
  expect(notices.list.at(-1)).toMatchObject({ kind: 'forbidden', tone: 'problem' });
});

test('undo brings the very same state back', async () => {
  const { server, actions, emails, notices, letter } = page();
  await actions.moveToRole([letter], 'junk');
  expect(emails.summaries.get('e1')?.keywords).toEqual({ $junk: true });
  notices.undoLast();
  await Promise.resolve();
  expect(emails.summaries.get('e1')).toMatchObject({ keywords: {}, mailboxIds: { inbox: true } });
  expect(server.called('Email/set')[1]?.['update']).toEqual({ e1: { 'keywords/$junk': null, 'mailboxIds/junk': null, 'mailboxIds/inbox': true } });
});

test('marking what is marked already asks nobody', async () => {
  const { server, actions } = page();
  await actions.markRead([email({ keywords: { $seen: true } })]);
  await actions.move([email()], 'inbox');
  expect(server.calls).toEqual([]);
});
