import { expect, test } from 'vitest';
import { octets, text } from '../../src/api/passkey';
import { problemName } from '../../src/api/rest';

test('octets go to text and back', () => {
  for (const bytes of [[], [0], [255, 254, 253], Array.from({ length: 256 }, (_, index) => index)]) {
    const encoded = text(Uint8Array.from(bytes).buffer);
    expect(encoded).toMatch(/^[A-Za-z0-9_-]*$/);
    expect([...new Uint8Array(octets(encoded))]).toEqual(bytes);
  }
});

test('a problem is known by the end of its type', () => {
  expect(problemName('https://pirab.go.th/problems/strong-auth-needed')).toBe('strong-auth-needed');
  expect(problemName('about:blank')).toBe('about:blank');
  expect(problemName(null)).toBe('');
});
