/**
 * Addresses of pages: `/mail/<mailbox>[/<thread>]` and `/search/<text>[/<thread>]`, a mailbox by its role where it has
 * one, `/settings[/<page>]`, `/people[/<find, person or unit>/<text or id>]`, and
 * `/contacts[/<card or page>]`, `/console[/<page>[/<unit>[/<item>]]]`.
 */

export const SETTINGS_PAGES = ['mail', 'storage', 'recover', 'export', 'import', 'security', 'devices', 'apps'] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

const PEOPLE_VIEWS = ['find', 'person', 'unit'] as const;
export type PeopleView = (typeof PEOPLE_VIEWS)[number];

export const CONSOLE_PAGES = ['overview', 'people', 'units', 'groups', 'mailboxes', 'domains', 'limits', 'invitations', 'approvals', 'health'] as const;
export type ConsolePage = (typeof CONSOLE_PAGES)[number];

export type Route =
  | { kind: 'mailbox'; mailbox: string; threadId: string | null }
  | { kind: 'search'; text: string; threadId: string | null }
  /** `page` is null for the list of all settings. */
  | { kind: 'settings'; page: SettingsPage | null; threadId: null }
  /** The directory: everything, answers to `name`, or the person or unit with the id `name`. */
  | { kind: 'people'; view: PeopleView; name: string; threadId: null }
  /** Contacts: the list, or the card (or `new`, `new-group`, `files`, `news`) of this name. */
  | { kind: 'contacts'; name: string; threadId: null }
  /** `unit` is the agency looked at, null for what is of no single one; `item` what is open in its list. */
  | { kind: 'console'; page: ConsolePage; unit: string | null; item: string | null; threadId: null };

/** Stands in an address for a unit where there is none but something after it. */
const NO_UNIT = '-';

export const HOME: Route = { kind: 'mailbox', mailbox: 'inbox', threadId: null };

export function parseRoute(pathname: string): Route {
  const parts = pathname.split('/').map(decode);
  const [, kind, name, thread] = parts;
  const [unit, item] = parts.slice(3).map((part) => (part === NO_UNIT ? '' : part));
  if (kind === 'settings') return { kind, page: SETTINGS_PAGES.find((page) => page === name) ?? null, threadId: null };
  if (kind === 'people') return peopleRoute(PEOPLE_VIEWS.find((view) => view === name) ?? 'find', thread ?? '');
  if (kind === 'contacts') return contactsRoute(name ?? '');
  if (kind === 'console') return consoleRoute(CONSOLE_PAGES.find((page) => page === name) ?? 'overview', unit || null, item || null);
  if (!name) return HOME;
  if (kind === 'mail') return { kind: 'mailbox', mailbox: name, threadId: thread || null };
  if (kind === 'search') return { kind: 'search', text: name, threadId: thread || null };
  return HOME;
}

export function pathOf(route: Route): string {
  if (route.kind === 'settings') return route.page === null ? '/settings' : `/settings/${route.page}`;
  if (route.kind === 'people') return route.name === '' ? '/people' : `/people/${route.view}/${encodeURIComponent(route.name)}`;
  if (route.kind === 'contacts') return route.name === '' ? '/contacts' : `/contacts/${encodeURIComponent(route.name)}`;
  if (route.kind === 'console') return consolePath(route.page, route.unit, route.item);
  const head = route.kind === 'mailbox' ? `/mail/${encodeURIComponent(route.mailbox)}` : `/search/${encodeURIComponent(route.text)}`;
  return route.threadId === null ? head : `${head}/${encodeURIComponent(route.threadId)}`;
}

function consolePath(page: ConsolePage, unit: string | null, item: string | null): string {
  const parts = [page, unit ?? (item === null ? null : NO_UNIT), item].filter((part) => part !== null);
  return page === 'overview' && unit === null ? '/console' : `/console/${parts.map(encodeURIComponent).join('/')}`;
}

/** The same list with another conversation open; settings, directory and console have none. */
export function withThread(route: Route, threadId: string | null): Route {
  return route.kind === 'settings' || route.kind === 'people' || route.kind === 'contacts' || route.kind === 'console' ? route : { ...route, threadId };
}

/** The address of a page of the settings. */
export function settingsRoute(page: SettingsPage | null): Route {
  return { kind: 'settings', page, threadId: null };
}

/** The address of a page of the directory; an empty name is its entrance. */
export function peopleRoute(view: PeopleView, name: string): Route {
  return { kind: 'people', view, name, threadId: null };
}

/** The address of a card or page of contacts; an empty name is the list. */
export function contactsRoute(name: string): Route {
  return { kind: 'contacts', name, threadId: null };
}

/** The address of a page of the console. */
export function consoleRoute(page: ConsolePage, unit: string | null = null, item: string | null = null): Route {
  return { kind: 'console', page, unit, item, threadId: null };
}

/** A broken percent code in an address somebody typed is taken as it stands. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
