/**
 * Addresses of pages: `/mail/<mailbox>[/<thread>]` and `/search/<text>[/<thread>]`, a mailbox by its role where it has
 * one, `/settings[/<page>]`, and `/people[/<find, person or unit>/<text or id>]`.
 */

export const SETTINGS_PAGES = ['mail', 'storage', 'recover', 'export', 'import', 'security', 'devices', 'apps'] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

const PEOPLE_VIEWS = ['find', 'person', 'unit'] as const;
export type PeopleView = (typeof PEOPLE_VIEWS)[number];

export type Route =
  | { kind: 'mailbox'; mailbox: string; threadId: string | null }
  | { kind: 'search'; text: string; threadId: string | null }
  /** `page` is null for the list of all settings. */
  | { kind: 'settings'; page: SettingsPage | null; threadId: null }
  /** The directory: everything, answers to `name`, or the person or unit with the id `name`. */
  | { kind: 'people'; view: PeopleView; name: string; threadId: null };

export const HOME: Route = { kind: 'mailbox', mailbox: 'inbox', threadId: null };

export function parseRoute(pathname: string): Route {
  const [, kind, name, thread] = pathname.split('/').map(decode);
  if (kind === 'settings') return { kind, page: SETTINGS_PAGES.find((page) => page === name) ?? null, threadId: null };
  if (kind === 'people') return peopleRoute(PEOPLE_VIEWS.find((view) => view === name) ?? 'find', thread ?? '');
  if (!name) return HOME;
  if (kind === 'mail') return { kind: 'mailbox', mailbox: name, threadId: thread || null };
  if (kind === 'search') return { kind: 'search', text: name, threadId: thread || null };
  return HOME;
}

export function pathOf(route: Route): string {
  if (route.kind === 'settings') return route.page === null ? '/settings' : `/settings/${route.page}`;
  if (route.kind === 'people') return route.name === '' ? '/people' : `/people/${route.view}/${encodeURIComponent(route.name)}`;
  const head = route.kind === 'mailbox' ? `/mail/${encodeURIComponent(route.mailbox)}` : `/search/${encodeURIComponent(route.text)}`;
  return route.threadId === null ? head : `${head}/${encodeURIComponent(route.threadId)}`;
}

/** The same list with another conversation open; settings and the directory have none. */
export function withThread(route: Route, threadId: string | null): Route {
  return route.kind === 'settings' || route.kind === 'people' ? route : { ...route, threadId };
}

/** The address of a page of the settings. */
export function settingsRoute(page: SettingsPage | null): Route {
  return { kind: 'settings', page, threadId: null };
}

/** The address of a page of the directory; an empty name is its entrance. */
export function peopleRoute(view: PeopleView, name: string): Route {
  return { kind: 'people', view, name, threadId: null };
}

/** A broken percent code in an address somebody typed is taken as it stands. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
