import { expect, test } from 'vitest';
import { HOME, parseRoute, pathOf, type Route } from '../../src/routes/route';

test.each<Route>([
  { kind: 'mailbox', mailbox: 'inbox', threadId: null },
  { kind: 'mailbox', mailbox: 'm1', threadId: 't/1?#' },
  { kind: 'search', text: 'ประชุม / ครม. 100%', threadId: null },
  { kind: 'search', text: '../..', threadId: 't1' },
])('%j survives its address', (route) => {
  expect(parseRoute(pathOf(route))).toEqual(route);
});

test.each(['/', '', '/mail', '/mail/', '/search/', '/other/x', '//evil.test'])('%j is home', (path) => {
  expect(parseRoute(path)).toEqual(HOME);
});

test('a broken percent code is taken as it stands', () => {
  expect(parseRoute('/search/%E0%')).toMatchObject({ text: '%E0%' });
});
