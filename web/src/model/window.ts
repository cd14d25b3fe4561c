import type { Id, QueryChangesResponse } from '../jmap';

/**
 * The ids of a query's results as far as they are known: index = position on the server, `undefined` = not asked yet.
 * Its length is the total the server told.
 */
export type IdWindow = readonly (Id | undefined)[];

/** Puts a page of results at its position. */
export function withPage(window: IdWindow, position: number, ids: readonly Id[], total: number): IdWindow {
  const next: (Id | undefined)[] = Array.from({ length: Math.max(total, position + ids.length) }, (_, index) => window[index]);
  const fresh = new Set(ids);
  // Something may have moved since an older page was read: an id is shown once, where the newest answer puts it.
  for (let index = 0; index < next.length; index += 1) {
    const id = next[index];
    if (id !== undefined && fresh.has(id)) next[index] = undefined;
  }
  ids.forEach((id, offset) => {
    next[position + offset] = id;
  });
  return next;
}

/** The first gap between `first` and `last` (inclusive), widened to whole pages; null when all is known. */
export function missingRange(window: IdWindow, first: number, last: number, page: number): { position: number; limit: number } | null {
  const end = Math.min(last, window.length - 1);
  for (let index = Math.max(0, first); index <= end; index += 1) {
    if (window[index] === undefined) {
      const position = Math.floor(index / page) * page;
      return { position, limit: page };
    }
  }
  return null;
}

/**
 * Applies rfc8620#5.6 changes.
 *
 * Only the part from the top without a gap can be followed exactly: what lies below a gap is forgotten and asked again
 * when it comes into sight. The answer always has the length the server told.
 */
export function withChanges(window: IdWindow, changes: QueryChangesResponse): IdWindow {
  const gap = window.indexOf(undefined);
  const isComplete = gap === -1;
  const known = (isComplete ? [...window] : window.slice(0, gap)) as Id[];
  const removed = new Set(changes.removed);
  const next = known.filter((id) => !removed.has(id));
  for (const { id, index } of [...changes.added].sort((a, b) => a.index - b.index)) {
    if (next.includes(id)) continue;
    if (index > next.length) break;
    next.splice(index, 0, id);
  }
  const total = changes.total ?? next.length;
  return Array.from({ length: total }, (_, index) => next[index]);
}

/** Takes rows out at once, before the server has answered. */
export function withoutIds(window: IdWindow, ids: ReadonlySet<Id>): IdWindow {
  return window.filter((id) => id === undefined || !ids.has(id));
}
