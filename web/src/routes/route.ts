/** Addresses of pages: `/mail/<mailbox>[/<thread>]` and `/search/<text>[/<thread>]`; a mailbox by its role where it has one. */

export type Route = { kind: 'mailbox'; mailbox: string; threadId: string | null } | { kind: 'search'; text: string; threadId: string | null };

export const HOME: Route = { kind: 'mailbox', mailbox: 'inbox', threadId: null };

export function parseRoute(pathname: string): Route {
  const [, kind, name, thread] = pathname.split('/').map(decode);
  if (!name) return HOME;
  if (kind === 'mail') return { kind: 'mailbox', mailbox: name, threadId: thread || null };
  if (kind === 'search') return { kind: 'search', text: name, threadId: thread || null };
  return HOME;
}

export function pathOf(route: Route): string {
  const head = route.kind === 'mailbox' ? `/mail/${encodeURIComponent(route.mailbox)}` : `/search/${encodeURIComponent(route.text)}`;
  return route.threadId === null ? head : `${head}/${encodeURIComponent(route.threadId)}`;
}

/** A broken percent code in an address somebody typed is taken as it stands. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
