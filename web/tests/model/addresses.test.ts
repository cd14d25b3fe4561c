import { describe, expect, test } from 'vitest';
import { displayName, initialOf, isAddress, parseAddresses, uniqueAddresses, visible } from '../../src/model/addresses';

describe('what people type and paste as addresses', () => {
  test.each([
    ['a@b.go.th', [[null, 'a@b.go.th']]],
    ['สมชาย ใจดี <somchai@opm.go.th>', [['สมชาย ใจดี', 'somchai@opm.go.th']]],
    ['"ใจดี, สมชาย" <a@b.test>; c@d.test,', [['ใจดี, สมชาย', 'a@b.test'], [null, 'c@d.test']]],
    ['a@b.test c@d.test', [[null, 'a@b.test'], [null, 'c@d.test']]],
    ['a@b.test\nc@d.test\r\n', [[null, 'a@b.test'], [null, 'c@d.test']]],
    ['mailto:a@b.test', [[null, 'a@b.test']]],
    ['สมหญิง@คน.ไทย', [[null, 'สมหญิง@คน.ไทย']]],
    ['', []],
    [' ,;, ', []],
  ])('%j', (text, expected) => {
    const { accepted, rejected } = parseAddresses(text);
    expect(accepted.map((address) => [address.name, address.email])).toEqual(expected);
    expect(rejected).toEqual([]);
  });

  test.each(['สมชาย', 'a@b', '@b.test', 'a@', 'a@@b.test', 'a@b..test', 'a b@c.test <', `${'x'.repeat(400)}@b.test`, 'a@b.test\u0000<>'])('%j is given back as written', (text) => {
    const { accepted, rejected } = parseAddresses(text);
    expect(accepted).toEqual([]);
    expect(rejected.join('')).toContain(text.trim().slice(0, 3));
  });

  test('ten thousand addresses are no trouble', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `p${index}@x.test`).join(', ');
    expect(parseAddresses(many).accepted).toHaveLength(10_000);
  });

  test('line breaks cannot get into a header through an address', () => {
    expect(isAddress('a@b.test\r\nBcc: x@y.test')).toBe(false);
  });
});

test('each address once, own ones left out, letter case ignored', () => {
  const list = ['A@x.test', 'a@X.test', 'b@x.test', 'me@x.test'].map((email) => ({ name: null, email }));
  expect(uniqueAddresses(list, [{ name: null, email: 'ME@x.test' }]).map((person) => person.email)).toEqual(['A@x.test', 'b@x.test']);
});

describe('names from outside', () => {
  test('cannot hide or turn letters round', () => {
    expect(visible('ใบแจ้ง\u202Efdp.exe\u200b')).toBe('ใบแจ้งfdp.exe');
    expect(visible('a\r\nb\tc\u0000')).toBe('a  b c');
  });

  test('an empty or invisible name is the address', () => {
    expect(displayName({ name: '\u200b \u202e', email: 'a@b.test' })).toBe('a@b.test');
  });

  test.each([
    ['เอกชัย ณ ลำปาง', 'อ'],
    ['ไพโรจน์', 'พ'],
    ['นางสาววิภาวดี', 'ว'],
    ['ดร.แสงเดือน', 'ส'],
    ['kanchana', 'K'],
    ['"...', '?'],
  ])('%s has the letter %s', (name, letter) => {
    expect(initialOf({ name, email: '...' })).toBe(letter);
  });
});
