import { expect, test } from 'vitest';
import { fileSize, fullDate, listDate, messageDate } from '../../src/i18n/dates';

const thai = { today: 'วันนี้', yesterday: 'เมื่อวาน', timeUnit: ' น.' };
const english = { today: 'Today', yesterday: 'Yesterday', timeUnit: '' };
const now = new Date(2026, 10, 24, 9, 0);
const at = (year: number, month: number, day: number, hour: number, minute: number): string => new Date(year, month - 1, day, hour, minute).toISOString();

test.each([
  [at(2026, 11, 24, 0, 1), '00:01 น.', '00:01'],
  [at(2026, 11, 23, 23, 59), 'เมื่อวาน', 'Yesterday'],
  [at(2026, 11, 22, 12, 0), '22 พ.ย.', '22 Nov'],
  [at(2025, 12, 31, 12, 0), '31 ธ.ค. 2568', '31 Dec 2025'],
  [at(2027, 1, 1, 8, 0), '1 ม.ค. 2570', '1 Jan 2027'],
])('in a row %s is %s', (iso, inThai, inEnglish) => {
  expect(listDate(iso, now, 'th', thai)).toBe(inThai);
  expect(listDate(iso, now, 'en', english)).toBe(inEnglish);
});

test('a message says the day and the time', () => {
  expect(messageDate(at(2026, 11, 24, 9, 41), now, 'th', thai)).toBe('วันนี้ 09:41 น.');
  expect(messageDate(at(2026, 10, 1, 9, 41), now, 'th', thai)).toBe('1 ต.ค. 2569 09:41 น.');
});

test('in full it reads like an official letter, in the Buddhist era', () => {
  expect(fullDate(at(2026, 11, 24, 9, 41), 'th', thai)).toBe('วันอังคารที่ 24 พฤศจิกายน 2569 เวลา 09:41 น.');
  expect(fullDate(at(2026, 11, 24, 9, 41), 'en', english)).toBe('Tuesday, 24 November 2026, 09:41');
});

test.each(['', 'yesterday', '0000-99-99'])('a damaged date %j is nothing', (iso) => {
  expect([listDate(iso, now, 'th', thai), messageDate(iso, now, 'th', thai), fullDate(iso, 'th', thai)]).toEqual(['', '', '']);
});

test.each([
  [0, '0 ไบต์', '0 bytes'],
  [1500, '1.5 กิโลไบต์', '1.5 kB'],
  [52_428_800, '52.4 เมกะไบต์', '52.4 MB'],
])('%i octets', (octets, inThai, inEnglish) => {
  expect([fileSize(octets, 'th'), fileSize(octets, 'en')]).toEqual([inThai, inEnglish]);
});
