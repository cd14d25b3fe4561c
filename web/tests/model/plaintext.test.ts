import { expect, test } from 'vitest';
import { inlines, textBlocks } from '../../src/model/plaintext';

test('own words, quotes and signature are told apart', () => {
  const text = 'รับทราบ\r\n\r\n> เดิม\r\n>> เก่ากว่า\r\nเพิ่มเติม\r\n-- \r\nสมชาย\r\n> ไม่ใช่ข้อความอ้าง';
  expect(textBlocks(text).map((block) => [block.kind, block.text])).toEqual([
    ['words', 'รับทราบ'],
    ['quote', '> เดิม\n>> เก่ากว่า'],
    ['words', 'เพิ่มเติม'],
    ['signature', '-- \nสมชาย\n> ไม่ใช่ข้อความอ้าง'],
  ]);
});

test('an empty message is no block', () => {
  expect(textBlocks(' \n\n')).toEqual([]);
});

test.each([
  ['ดูที่ https://x.test/ก?a=1.', 'https://x.test/ก?a=1', 'https://x.test/ก?a=1'],
  ['(www.x.test/a_(b))', 'www.x.test/a_(b)', 'https://www.x.test/a_(b)'],
  ['ติดต่อ a.b@x.go.th ได้', 'a.b@x.go.th', 'mailto:a.b@x.go.th'],
])('%j has the link %j', (text, shown, href) => {
  expect(inlines(text).find((part) => part.kind === 'link')).toEqual({ kind: 'link', text: shown, href });
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'JAVASCRIPT://x'])('%j is text', (text) => {
  expect(inlines(text).every((part) => part.kind === 'text')).toBe(true);
});

test('nothing of the text is lost or doubled', () => {
  const text = 'ก https://a.test, www.b.test. c@d.test)\n'.repeat(50);
  expect(inlines(text).map((part) => part.text).join('')).toBe(text);
});

test('a megabyte of hostile text takes no time worth naming', () => {
  const text = `${'a'.repeat(500_000)}@${'.'.repeat(500_000)}`;
  expect(inlines(text).map((part) => part.text).join('')).toBe(text);
}, 20_000);
