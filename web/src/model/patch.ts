import type { EmailSummary, Id } from '../jmap';

/** A change of one email: `true` adds the keyword or mailbox, `false` removes it. */
export interface EmailPatch {
  keywords?: Record<string, boolean>;
  mailboxIds?: Record<Id, boolean>;
}

/** A part of a JSON pointer (rfc6901#3). */
function pointerToken(text: string): string {
  return text.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The patch as a PatchObject (rfc8620#5.3). */
export function patchObject(patch: EmailPatch): Record<string, true | null> {
  const object: Record<string, true | null> = {};
  for (const [keyword, isSet] of Object.entries(patch.keywords ?? {})) {
    object[`keywords/${pointerToken(keyword)}`] = isSet ? true : null;
  }
  for (const [id, isSet] of Object.entries(patch.mailboxIds ?? {})) {
    object[`mailboxIds/${pointerToken(id)}`] = isSet ? true : null;
  }
  return object;
}

/** The email with the patch applied; the original is left alone. */
export function patched(email: EmailSummary, patch: EmailPatch): EmailSummary {
  return {
    ...email,
    keywords: merged(email.keywords, patch.keywords),
    mailboxIds: merged(email.mailboxIds, patch.mailboxIds),
  };
}

function merged(set: Record<string, boolean>, changes: Record<string, boolean> = {}): Record<string, boolean> {
  const result = { ...set };
  for (const [key, isSet] of Object.entries(changes)) {
    if (isSet) result[key] = true;
    else delete result[key];
  }
  return result;
}

/** What must be said to take `patch` back from `email` as it is now. */
export function inverse(email: EmailSummary, patch: EmailPatch): EmailPatch {
  const undo: EmailPatch = {};
  if (patch.keywords) undo.keywords = inverseSet(email.keywords, patch.keywords);
  if (patch.mailboxIds) undo.mailboxIds = inverseSet(email.mailboxIds, patch.mailboxIds);
  return undo;
}

function inverseSet(set: Record<string, boolean>, changes: Record<string, boolean>): Record<string, boolean> {
  const undo: Record<string, boolean> = {};
  for (const [key, isSet] of Object.entries(changes)) {
    const wasSet = set[key] === true;
    if (wasSet !== isSet) undo[key] = wasSet;
  }
  return undo;
}

/** A move into exactly one mailbox. */
export function moveTo(email: EmailSummary, mailboxId: Id): EmailPatch {
  const mailboxIds: Record<Id, boolean> = {};
  for (const id of Object.keys(email.mailboxIds)) if (id !== mailboxId) mailboxIds[id] = false;
  if (email.mailboxIds[mailboxId] !== true) mailboxIds[mailboxId] = true;
  return { mailboxIds };
}

export function isUnread(email: EmailSummary): boolean {
  return email.keywords['$seen'] !== true && email.keywords['$draft'] !== true;
}

export interface CountDelta {
  total: number;
  unread: number;
}

/** How a change of one email moves each mailbox's counts. */
export function countDeltas(before: EmailSummary, after: EmailSummary): Map<Id, CountDelta> {
  const deltas = new Map<Id, CountDelta>();
  const add = (email: EmailSummary, sign: 1 | -1): void => {
    for (const id of Object.keys(email.mailboxIds)) {
      const delta = deltas.get(id) ?? { total: 0, unread: 0 };
      delta.total += sign;
      if (isUnread(email)) delta.unread += sign;
      deltas.set(id, delta);
    }
  };
  add(before, -1);
  add(after, 1);
  return deltas;
}
