import { NetworkError, RequestRefused, SessionExpired, SetRefused, MethodError } from '../jmap';

/** A short message about something that happened; the texts are the ui's. */
export interface Notice {
  id: number;
  kind: NoticeKind;
  count: number;
  /** A name to show inside the text: a mailbox, a file. */
  name: string;
  tone: 'plain' | 'problem';
  /** Milliseconds since the epoch at which it goes away; null stays until dismissed. */
  until: number | null;
  undo: (() => void) | null;
}

export type NoticeKind =
  | 'moved'
  | 'trashed'
  | 'archived'
  | 'junked'
  | 'notJunk'
  | 'destroyed'
  | 'sending'
  | 'sent'
  | 'undone'
  | 'draftSaved'
  | 'draftDiscarded'
  | 'newMail'
  | 'vacationOn'
  | 'vacationOff'
  | 'rulesApplied'
  | 'rulesUndone'
  | 'receiptSent'
  | 'saved'
  /** A sentence put together by the page that shows it; it is the `name`. */
  | 'said'
  | ErrorKind;

export type ErrorKind =
  | 'network'
  | 'expired'
  | 'tooLarge'
  | 'overQuota'
  | 'forbidden'
  | 'tooManyRequests'
  | 'notFound'
  | 'badRecipients'
  | 'noRecipients'
  | 'uploadFailed'
  | 'undoTooLate'
  | 'unexpected';

const BY_TYPE: Record<string, ErrorKind> = {
  overQuota: 'overQuota',
  tooLarge: 'tooLarge',
  forbidden: 'forbidden',
  forbiddenFrom: 'forbidden',
  forbiddenToSend: 'forbidden',
  forbiddenMailFrom: 'forbidden',
  accountReadOnly: 'forbidden',
  notFound: 'notFound',
  blobNotFound: 'notFound',
  invalidRecipients: 'badRecipients',
  noRecipients: 'noRecipients',
  rateLimit: 'tooManyRequests',
  cannotUnsend: 'undoTooLate',
};

/** What an error means to a person. */
export function errorKind(error: unknown): ErrorKind {
  if (error instanceof NetworkError) return 'network';
  if (error instanceof SessionExpired) return 'expired';
  if (error instanceof SetRefused || error instanceof MethodError) return BY_TYPE[error.type] ?? 'unexpected';
  if (error instanceof RequestRefused) {
    if (error.status === 413) return 'tooLarge';
    if (error.status === 429) return 'tooManyRequests';
    if (error.status === 403) return 'forbidden';
    if (error.status === 404) return 'notFound';
  }
  return 'unexpected';
}

/** Milliseconds a notice stays; with an undo long enough to reach it without haste. */
const STAY = 6_000;
const STAY_WITH_UNDO = 10_000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  private nextId = 1;
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(kind: NoticeKind, options: Partial<Omit<Notice, 'id' | 'kind'>> = {}): number {
    const id = this.nextId++;
    const stay = options.undo ? STAY_WITH_UNDO : STAY;
    const notice: Notice = { id, kind, count: 1, name: '', tone: 'plain', until: Date.now() + stay, undo: null, ...options };
    // One undo at a time: a second one would leave the person guessing which. The same news is not told twice.
    const kept = this.list.filter((other) => other.kind !== kind && !(notice.undo && other.undo));
    this.list = [...kept.slice(-2), notice];
    if (notice.until !== null) this.timers.set(id, setTimeout(() => this.dismiss(id), Math.max(0, notice.until - Date.now())));
    return id;
  }

  problem(error: unknown, name = ''): void {
    const kind = errorKind(error);
    // The sign-in dialog says it already.
    if (kind === 'expired') return;
    this.show(kind, { tone: 'problem', name, until: Date.now() + 10_000 });
  }

  dismiss(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Runs the undo of the newest notice that has one. */
  undoLast(): void {
    const notice = this.list.findLast((candidate) => candidate.undo !== null);
    if (!notice?.undo) return;
    this.dismiss(notice.id);
    notice.undo();
  }
}
