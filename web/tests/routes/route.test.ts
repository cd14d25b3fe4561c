import { expect, test } from 'vitest';
import { consoleRoute, HOME, parseRoute, pathOf, withThread, type Route } from '../../src/routes/route';

test.each<Route>([
  { kind: 'mailbox', mailbox: 'inbox', threadId: null },
  { kind: 'mailbox', mailbox: 'm1', threadId: 't/1?#' },
  { kind: 'search', text: 'ประชุม / ครม. 100%', threadId: null },
  { kind: 'search', text: '../..', threadId: 't1' },
  { kind: 'people', view: 'find', name: '', threadId: null },
  { kind: 'people', view: 'find', name: 'ผอ./กองคลัง?', threadId: null },
  { kind: 'people', view: 'unit', name: 'g1', threadId: null },
  { kind: 'settings', page: null, threadId: null },
  { kind: 'settings', page: 'recover', threadId: null },
])('%j survives its address', (route) => {
  expect(parseRoute(pathOf(route))).toEqual(route);
});

test.each(['/', '', '/mail', '/mail/', '/search/', '/other/x', '//evil.test'])('%j is home', (path) => {
  expect(parseRoute(path)).toEqual(HOME);
});

test('a broken percent code is taken as it stands', () => {
  expect(parseRoute('/search/%E0%')).toMatchObject({ text: '%E0%' });
});

test.each(['/settings/', '/settings/nothing', '/settings/constructor', '/settings/%00'])('%j is the list of settings', (path) => {
  expect(parseRoute(path)).toEqual({ kind: 'settings', page: null, threadId: null });
});

test.each(['/people', '/people/', '/people/nothing', '/people/constructor/x', '/people/person'])('%j is a page of the directory', (path) => {
  expect(parseRoute(path)).toMatchObject({ kind: 'people', threadId: null });
});

test('settings have no conversation', () => {
  const settings: Route = { kind: 'settings', page: 'export', threadId: null };
  expect(withThread(settings, 't1')).toEqual(settings);
  expect(withThread(HOME, 't1')).toEqual({ ...HOME, threadId: 't1' });
});

test('the console has an address for each page, unit and item', () => {
  for (const path of ['/console', '/console/units', '/console/units/g12', '/console/groups/g12/l3', '/console/approvals/-/y4']) expect(pathOf(parseRoute(path))).toBe(path);
  expect(parseRoute('/console/nothing')).toEqual(consoleRoute('overview'));
  expect(parseRoute('/console/approvals/-/y4')).toEqual(consoleRoute('approvals', null, 'y4'));
});
