import { expect, test } from 'vitest';
import { addressesIn, moved, newRule, readRules, saveRules } from '../../src/model/rules';
import { FakeServer } from './fake-server';

test('rules go to the server as a whole and come back', async () => {
  const server = new FakeServer();
  let kept: unknown = [];
  server.methods['FilterRules/set'] = (args) => {
    kept = (args['update'] as { singleton: { rules: unknown } }).singleton.rules;
    return { updated: { singleton: null } };
  };
  server.methods['FilterRules/get'] = () => ({ list: [{ id: 'singleton', rules: kept, problems: [] }], notFound: [] });
  const rules = [{ ...newRule(), name: 'ประชุม' }];
  await saveRules(server.client, rules);
  expect((await readRules(server.client)).rules).toEqual(rules);
  server.methods['FilterRules/set'] = () => ({ notUpdated: { singleton: { type: 'invalidProperties' } } });
  await expect(saveRules(server.client, rules)).rejects.toMatchObject({ type: 'invalidProperties' });
});

test('rules change places', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ ...newRule(), name }));
  const names = (by: -1 | 1, index: number): string[] => moved([a!, b!, c!], index, by).map((rule) => rule.name);
  expect([names(-1, 1), names(1, 1), names(-1, 0)]).toEqual([['b', 'a', 'c'], ['a', 'c', 'b'], ['a', 'b', 'c']]);
});

test('addresses are told apart by commas and spaces', () => {
  expect(addressesIn(' a@x.th, b@x.th;c@x.th\n')).toEqual(['a@x.th', 'b@x.th', 'c@x.th']);
});
