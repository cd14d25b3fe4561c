import { expect, test } from 'vitest';
import { en } from '../../src/i18n/console/en';
import { th } from '../../src/i18n/console/th';

/** Every text of a tree of words, with its place. */
function leaves(words: object, place = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, word]: [string, unknown]): [string, string][] => {
    if (typeof word === 'object' && word !== null) return leaves(word, `${place}${key}.`);
    return [[place + key, typeof word === 'function' ? (word as (...parts: string[]) => string)('1', '2') : String(word)]];
  });
}

test('the words of the console are there in both languages', () => {
  expect(leaves(en).map(([place]) => place)).toEqual(leaves(th).map(([place]) => place));
  const namesOnly = new Set(['overviewLead']);
  for (const [place, word] of leaves(th)) if (!namesOnly.has(place)) expect(word, place).toMatch(/[ก-๙]/u);
  for (const [place, word] of leaves(en)) expect(word, place).not.toMatch(/[ก-๙]/u);
});
