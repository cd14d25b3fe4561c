import { expect, test } from 'vitest';
import type { Mailbox } from '../../src/jmap';
import { saveFolder } from '../../src/model/folders';
import { Mailboxes } from '../../src/model/mailboxes.svelte';
import { FakeServer } from './fake-server';

const BOX = { id: 'm1', name: 'งาน', role: null, parentId: null, sortOrder: 0 } as Mailbox;

test('a new folder is asked for by its name, trimmed, and shown as the server made it', async () => {
  const server = new FakeServer();
  const mailboxes = new Mailboxes();
  server.methods['Mailbox/set'] = () => ({ created: { folder: { id: 'm1' } } });
  server.methods['Mailbox/get'] = () => ({ list: [BOX], notFound: [] });
  expect(await saveFolder(server.client, mailboxes, null, { name: ' งาน ', color: null })).toBeNull();
  expect(server.called('Mailbox/set')[0]).toMatchObject({ create: { folder: { name: 'งาน' } } });
  expect(mailboxes.byId.get('m1')?.name).toBe('งาน');
});

test('no name is no question to the server', async () => {
  const server = new FakeServer();
  expect(await saveFolder(server.client, new Mailboxes(), null, { name: '  ', color: null })).toBe('missing');
  expect(server.calls).toEqual([]);
});

test.each([
  ['alreadyExists', 'taken'],
  ['invalidProperties', 'refused'],
])('%s is a problem with the name', async (type, problem) => {
  const server = new FakeServer();
  server.methods['Mailbox/set'] = () => ({ notUpdated: { m1: { type } } });
  server.methods['Mailbox/get'] = () => ({ list: [], notFound: [] });
  expect(await saveFolder(server.client, new Mailboxes(), 'm1', { name: 'งาน', color: null })).toBe(problem);
});

test('another refusal is an error', async () => {
  const server = new FakeServer();
  server.methods['Mailbox/set'] = () => ({ notUpdated: { m1: { type: 'forbidden' } } });
  server.methods['Mailbox/get'] = () => ({ list: [], notFound: [] });
  await expect(saveFolder(server.client, new Mailboxes(), 'm1', { name: 'งาน', color: null })).rejects.toMatchObject({ type: 'forbidden' });
});
