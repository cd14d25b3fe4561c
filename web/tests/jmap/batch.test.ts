import { describe, expect, test } from 'vitest';
import { Batch, MethodError } from '../../src/jmap';

describe('a batch of method calls', () => {
  test('points at earlier results by back-reference (rfc8620#3.7)', () => {
    const batch = new Batch('a1');
    const query = batch.add('Email/query', { limit: 2 });
    batch.add('Email/get', { '#ids': query.ref('/ids') });
    expect(batch.invocations).toEqual([
      ['Email/query', { accountId: 'a1', limit: 2 }, 'c0'],
      ['Email/get', { accountId: 'a1', '#ids': { resultOf: 'c0', name: 'Email/query', path: '/ids' } }, 'c1'],
    ]);
  });

  test('gives each call its own answer, whatever order they come in', () => {
    const batch = new Batch('a1');
    const first = batch.add<{ n: number }>('A/get', {});
    const second = batch.add<{ n: number }>('B/get', {});
    batch.settle([['B/get', { n: 2 }, 'c1'], ['A/get', { n: 1 }, 'c0']]);
    expect([first.result().n, second.result().n]).toEqual([1, 2]);
  });

  test('takes the call’s own answer, not the implicit Email/set of a submission (rfc8620#3.4)', () => {
    const batch = new Batch('a1');
    const set = batch.add<{ kind: string }>('EmailSubmission/set', {});
    batch.settle([['Email/set', { kind: 'implicit' }, 'c0'], ['EmailSubmission/set', { kind: 'own' }, 'c0']]);
    expect(set.result().kind).toBe('own');
  });

  test('throws a method’s error, and a missing answer, only where it is read', () => {
    const batch = new Batch('a1');
    const bad = batch.add('Email/query', {});
    const lost = batch.add('Email/get', {});
    batch.settle([['error', { type: 'unsupportedFilter', description: 'no' }, 'c0']]);
    expect(() => bad.result()).toThrow(expect.objectContaining({ type: 'unsupportedFilter', method: 'Email/query' }) as Error);
    expect(() => lost.result()).toThrow(MethodError);
  });
});
