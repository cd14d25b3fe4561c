import { describe, expect, test } from 'vitest';
import { missingRange, withChanges, withoutIds, withPage, type IdWindow } from '../../src/model/window';

const changes = (removed: string[], added: [string, number][], total?: number) => ({
  accountId: 'a',
  oldQueryState: '1',
  newQueryState: '2',
  removed,
  added: added.map(([id, index]) => ({ id, index })),
  ...(total === undefined ? {} : { total }),
});

describe('pages', () => {
  test('stand at their position; what lies between is not known', () => {
    expect(withPage([], 0, ['a', 'b'], 5)).toEqual(['a', 'b', undefined, undefined, undefined]);
    expect(withPage(['a', 'b', undefined, undefined, undefined], 3, ['d', 'e'], 5)).toEqual(['a', 'b', undefined, 'd', 'e']);
  });

  test('an id is shown once, where the newest answer puts it', () => {
    expect(withPage(['a', 'b', 'c', undefined], 2, ['b', 'c'], 4)).toEqual(['a', undefined, 'b', 'c']);
  });

  test('a list that shrank meanwhile gets the new length', () => {
    expect(withPage(['a', 'b', 'c'], 0, ['b'], 1)).toEqual(['b']);
    expect(withPage(['a'], 0, [], 0)).toEqual([]);
  });

  test('the first gap in sight is asked for by whole pages', () => {
    const window: IdWindow = Array.from({ length: 120 }, (_, index) => (index < 50 ? `e${index}` : undefined));
    expect(missingRange(window, 40, 60, 50)).toEqual({ position: 50, limit: 50 });
    expect(missingRange(window, 0, 49, 50)).toBeNull();
    expect(missingRange(window, 110, 500, 50)).toEqual({ position: 100, limit: 50 });
    expect(missingRange([], 0, 10, 50)).toBeNull();
  });
});

describe('changes (rfc8620#5.6)', () => {
  test('a new message goes on top', () => {
    expect(withChanges(['a', 'b'], changes([], [['n', 0]], 3))).toEqual(['n', 'a', 'b']);
  });

  test('an id removed and added moves', () => {
    expect(withChanges(['a', 'b', 'c'], changes(['c'], [['c', 0]], 3))).toEqual(['c', 'a', 'b']);
  });

  test('additions are put in by rising index, however they come', () => {
    expect(withChanges(['a'], changes([], [['z', 2], ['y', 0]], 3))).toEqual(['y', 'a', 'z']);
  });

  test('removals the page took out already are no news', () => {
    expect(withChanges(['a', 'b'], changes(['gone'], [], 2))).toEqual(['a', 'b']);
  });

  test('below a gap nothing is certain: it is forgotten, the length stays true', () => {
    expect(withChanges(['a', 'b', undefined, 'd'], changes(['b'], [['n', 0]], 4))).toEqual(['n', 'a', undefined, undefined]);
  });

  test('an addition below the known part is left for its page', () => {
    expect(withChanges(['a', undefined, undefined], changes([], [['x', 2]], 4))).toEqual(['a', undefined, undefined, undefined]);
  });

  test('the same change twice shows nothing twice', () => {
    const once = withChanges(['a'], changes([], [['n', 0]], 2));
    expect(withChanges(once, changes([], [['n', 0]], 2))).toEqual(['n', 'a']);
  });
});

test('rows go at once, gaps stay', () => {
  expect(withoutIds(['a', undefined, 'b'], new Set(['a']))).toEqual([undefined, 'b']);
});
