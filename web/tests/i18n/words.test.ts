import { expect, test } from 'vitest';
import { en } from '../../src/i18n/en';
import { en as settingsEn } from '../../src/i18n/settings/en';
import { th as settingsTh } from '../../src/i18n/settings/th';
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
