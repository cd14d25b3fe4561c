import { expect, test } from 'vitest';
import { Client, type Session } from '../../src/jmap';
import { Quota } from '../../src/model/quota.svelte';

const SESSION: Session = {
  capabilities: { 'urn:ietf:params:jmap:core': {}, 'urn:ietf:params:jmap:quota': {} },
  accounts: { a1: { name: 'me', isPersonal: true, isReadOnly: false, accountCapabilities: {} } },
  primaryAccounts: { 'urn:ietf:params:jmap:mail': 'a1' },
  username: 'me@x.test',
  apiUrl: '/jmap/',
  downloadUrl: '/d/',
  uploadUrl: '/u/',
  eventSourceUrl: '/e',
  state: 's',
};

async function level(used: number, hardLimit = 100): Promise<[string, number]> {
  const object = { id: 'q', used, hardLimit, warnLimit: 80, softLimit: 95 };
  const body = JSON.stringify({ methodResponses: [['Quota/get', { list: [object] }, 'c0']] });
  const quota = new Quota(new Client(SESSION, () => Promise.resolve(new Response(body))));
  await quota.read();
  return [quota.level, quota.part];
}

test.each([
  [0, 'calm', 0],
  [79, 'calm', 0.79],
  [80, 'warn', 0.8],
  [95, 'urgent', 0.95],
  [100, 'full', 1],
  [180, 'full', 1],
])('%d of 100 is %s', async (used, name, part) => {
  expect(await level(used)).toEqual([name, part]);
});

test('an account without room is full', async () => {
  expect((await level(0, 0))[0]).toBe('full');
});
