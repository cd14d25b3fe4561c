import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Push, type PushStatus } from '../../src/jmap';

class FakeSource extends EventTarget {
  isClosed = false;
  close(): void {
    this.isClosed = true;
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function start(): { push: Push; sources: FakeSource[]; seen: PushStatus[]; changes: unknown[] } {
  const sources: FakeSource[] = [];
  const seen: PushStatus[] = [];
  const changes: unknown[] = [];
  const push = new Push({
    url: '/es',
    onChange: (change) => changes.push(change.changed),
    onStatus: (status) => seen.push(status),
    create: () => {
      const source = new FakeSource();
      sources.push(source);
      return source as unknown as EventSource;
    },
  });
  push.start();
  return { push, sources, seen, changes };
}

const state = (data: string): MessageEvent => new MessageEvent('state', { data });

test('passes state changes on (rfc8620#7.3)', () => {
  const { sources, changes } = start();
  sources[0]?.dispatchEvent(state('{"@type":"StateChange","changed":{"a1":{"Email":"7"}}}'));
  expect(changes).toEqual([{ a1: { Email: '7' } }]);
});

test('asks for everything when an event is damaged', () => {
  const { sources, seen, changes } = start();
  sources[0]?.dispatchEvent(state('{"changed":'));
  expect([changes, seen.at(-1)]).toEqual([[], 'open']);
});

test('opens again after a cut, ever more slowly, and at once when hurried', () => {
  const { push, sources, seen } = start();
  sources[0]?.dispatchEvent(new Event('error'));
  expect([sources[0]?.isClosed, seen.at(-1)]).toEqual([true, 'waiting']);
  vi.advanceTimersByTime(1_000);
  expect(sources).toHaveLength(2);
  sources[1]?.dispatchEvent(new Event('error'));
  vi.advanceTimersByTime(900);
  expect(sources).toHaveLength(2);
  push.hurry();
  expect(sources).toHaveLength(3);
});

test('stays closed after stop', () => {
  const { push, sources } = start();
  push.stop();
  sources[0]?.dispatchEvent(new Event('error'));
  vi.advanceTimersByTime(120_000);
  expect(sources).toHaveLength(1);
});
