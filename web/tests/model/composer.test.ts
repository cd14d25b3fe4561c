import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Identity, Mailbox } from '../../src/jmap';
import { Composers } from '../../src/model/composers.svelte';
import { emptyDraft, type DraftContent } from '../../src/model/draft';
import { LocalDrafts } from '../../src/model/local-drafts';
import { Mailboxes } from '../../src/model/mailboxes.svelte';
import { Notices } from '../../src/model/notices.svelte';
import { Submissions } from '../../src/model/submissions.svelte';
import { FakeServer, FakeStorage } from './fake-server';

const identity = { id: 'i1', name: 'สมชาย', email: 'me@x.test' } as Identity;
const letter = (text: string): DraftContent => ({ ...emptyDraft('i1'), to: [{ name: null, email: 'a@x.test' }], subject: 's', html: text, text });

function desk(storage = new FakeStorage()) {
  const server = new FakeServer();
  let made = 0;
  server.methods['Email/set'] = (args) => (args['create'] ? { created: Object.fromEntries(Object.keys(args['create'] as object).map((key) => [key, { id: `e${++made}` }])) } : {});
  server.methods['Email/query'] = () => ({ ids: [] });
  server.methods['EmailSubmission/set'] = (args) =>
    args['create'] ? { created: { submission: { id: 's1', threadId: 't1', sendAt: new Date(Date.now() + 10_000).toISOString(), undoStatus: 'pending' } } } : { updated: { s1: null } };
  const mailboxes = new Mailboxes();
  mailboxes.merge([{ id: 'md', name: 'd', role: 'drafts' }, { id: 'ms', name: 's', role: 'sent' }] as Mailbox[]);
  const notices = new Notices();
  const local = new LocalDrafts(storage, 'a1');
  const composers = new Composers(
    { client: server.client, local, identities: () => [identity], draftsId: () => 'md' },
    { mailboxes, notices, submissions: new Submissions(server.client) },
  );
  return { server, composers, notices, local, storage };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('saving', () => {
  test('happens by itself after a moment of quiet, and then needs no local copy', async () => {
    const { server, composers, local } = desk();
    const composer = composers.open(letter('ก'));
    composer.touch();
    await vi.advanceTimersByTimeAsync(300);
    expect(local.list()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_500);
    expect([server.called('Email/set').length, composer.status, local.list().length]).toEqual([1, 'saved', 0]);
  });

  test('makes the new copy before the old one goes', async () => {
    const { server, composers } = desk();
    const composer = composers.open(letter('ก'));
    composer.touch();
    await composer.save();
    composer.touch();
    await composer.save();
    expect(server.called('Email/set').map((args) => (args['destroy'] ? ['destroy', args['destroy']] : 'create'))).toEqual(['create', 'create', ['destroy', ['e1']]]);
  });

  test('without a network keeps the words here and says so', async () => {
    const { server, composers, local } = desk();
    const composer = composers.open(letter('สำคัญ'));
    server.fails = 'before';
    composer.touch();
    await composer.save();
    expect([composer.status, local.list()[0]?.content.text]).toEqual(['onlyHere', 'สำคัญ']);
  });

  test('whose answer was lost leaves no second draft behind', async () => {
    const { server, composers } = desk();
    const composer = composers.open(letter('ก'));
    server.fails = 'after';
    composer.touch();
    await composer.save();
    server.fails = null;
    server.methods['Email/query'] = () => ({ ids: ['e1'] });
    await composer.save();
    expect(composer.serverId).toBe('e2');
    expect(server.called('Email/set').at(-1)?.['destroy']).toEqual(['e1']);
  });

  test('a blank message is not worth a draft', async () => {
    const { server, composers } = desk();
    const composer = composers.open(emptyDraft('i1'));
    composer.touch();
    await composer.save();
    await composers.keep(composer);
    expect([server.calls.length, composers.list.length]).toEqual([0, 0]);
  });

  test('words survive the page: they are there when it opens again', async () => {
    const first = desk();
    first.server.fails = 'before';
    const composer = first.composers.open(letter('ก่อนไฟดับ'));
    composer.touch();
    composer.keepHere();
    const second = desk(first.storage);
    await second.composers.restore();
    expect(second.composers.list.map((kept) => kept.content.text)).toEqual(['ก่อนไฟดับ']);
  });
});

describe('sending', () => {
  test('creates, submits with a delay and moves to Sent in one request', async () => {
    const { server, composers, notices } = desk();
    await composers.send(composers.open(letter('ก')));
    expect(server.calls.map(([name]) => name)).toEqual(['Email/set', 'EmailSubmission/set']);
    expect(server.called('EmailSubmission/set')[0]).toMatchObject({
      create: { submission: { emailId: '#message', envelope: { mailFrom: { parameters: { HOLDFOR: '10' } }, rcptTo: [{ email: 'a@x.test' }] } } },
      onSuccessUpdateEmail: { '#submission': { 'mailboxIds/md': null, 'mailboxIds/ms': true, 'keywords/$draft': null } },
    });
    expect([composers.list.length, notices.list[0]?.kind]).toEqual([0, 'sending']);
  });

  test('called back, it is a draft again with every word', async () => {
    const { server, composers, notices } = desk();
    await composers.send(composers.open(letter('เปลี่ยนใจ')));
    notices.undoLast();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.called('EmailSubmission/set')[1]).toMatchObject({ update: { s1: { undoStatus: 'canceled' } } });
    expect([composers.list[0]?.content.text, composers.list[0]?.serverId]).toEqual(['เปลี่ยนใจ', 'e1']);
  });

  test('called back too late, it says so and opens nothing', async () => {
    const { server, composers, notices } = desk();
    await composers.send(composers.open(letter('ก')));
    server.methods['EmailSubmission/set'] = () => ({ notUpdated: { s1: { type: 'cannotUnsend' } } });
    notices.undoLast();
    await vi.advanceTimersByTimeAsync(0);
    expect([composers.list.length, notices.list.at(-1)?.kind]).toEqual([0, 'undoTooLate']);
  });

  test('again after a lost answer never sends twice', async () => {
    const { server, composers } = desk();
    const composer = composers.open(letter('ก'));
    server.fails = 'after';
    await composers.send(composer);
    expect(composers.list).toHaveLength(1);
    server.fails = null;
    server.methods['Email/query'] = () => ({ ids: ['e1'] });
    server.methods['EmailSubmission/query'] = () => ({ ids: ['s1'] });
    server.methods['EmailSubmission/get'] = () => ({ list: [{ id: 's1', emailId: 'e1', undoStatus: 'final', sendAt: '2026-11-24T00:00:00Z' }] });
    await composers.send(composer);
    expect([server.called('EmailSubmission/set').length, composers.list.length]).toEqual([1, 0]);
  });

  test('refused, the message stays open and is not doubled', async () => {
    const { server, composers, notices } = desk();
    server.methods['EmailSubmission/set'] = () => ({ notCreated: { submission: { type: 'invalidRecipients' } } });
    const composer = composers.open(letter('ก'));
    await composers.send(composer);
    expect([composers.list.length, composer.serverId, notices.list[0]?.kind]).toEqual([1, 'e1', 'badRecipients']);
  });
});
