import { expect, test } from 'vitest';
import { en } from '../../src/i18n/en';
import { en as settingsEn } from '../../src/i18n/settings/en';
import { th as settingsTh } from '../../src/i18n/settings/th';
import { en as securityEn } from '../../src/i18n/security/en';
import { th as securityTh } from '../../src/i18n/security/th';
import { th } from '../../src/i18n/th';

const spoken = (words: Record<string, unknown>): [string, string][] =>
  Object.entries(words).map(([key, word]) => [key, typeof word === 'function' ? (word as (...parts: string[]) => string)('1', '2') : (word as string)]);

test('both languages have every word', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(th).sort());
  expect(Object.keys(settingsEn).sort()).toEqual(Object.keys(settingsTh).sort());
});

test('no word is empty or left in the other language', () => {
  const mayBeEmpty = new Set(['timeUnit']);
  for (const [key, word] of [...spoken(th), ...spoken(settingsTh)]) expect(word, key).toMatch(/[ก-๙]|^-+|^(ZIP|mbox)$/u);
  for (const [key, word] of [...spoken(en), ...spoken(settingsEn)]) {
    expect(word, key).not.toMatch(/[ก-๙]/u);
    if (!mayBeEmpty.has(key)) expect(word, key).not.toBe('');
  }
});

/** Every text of a tree of words, with its place. */
function leaves(words: Record<string, unknown>, place = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, word]): [string, string][] => {
    if (typeof word === 'object' && word !== null) return leaves(word as Record<string, unknown>, `${place}${key}.`);
    return [[place + key, typeof word === 'function' ? (word as (...parts: string[]) => string)('1', '2') : (word as string)]];
  });
}

test('the words about signing in are there in both languages', () => {
  const thai = leaves(securityTh);
  const english = leaves(securityEn as unknown as Record<string, unknown>);
  expect(english.map(([place]) => place).sort()).toEqual(thai.map(([place]) => place).sort());
  const names = new Set(['doors.api', 'doors.imap']);
  for (const [place, word] of thai) if (!names.has(place)) expect(word, place).toMatch(/[ก-๙]/u);
  for (const [place, word] of english) expect(word, place).not.toMatch(/[ก-๙]/u);
});
