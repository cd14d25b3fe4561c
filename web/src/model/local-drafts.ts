import type { Id } from '../jmap';
import type { DraftContent } from './draft';

/** A message being written as this machine keeps it, so that no dead network, crash or expired sign-in loses a word. */
export interface LocalDraft {
  key: string;
  accountId: Id;
  content: DraftContent;
  /** The server's copy, once there is one. */
  serverId: Id | null;
  /** Older server copies still to be removed. */
  staleIds: Id[];
  /** Milliseconds since the epoch. */
  changedAt: number;
  /** Names of files whose upload had not finished. */
  unfinished: string[];
  /** Set once an attempt to send may have reached the server: the Message-ID to look for before sending again. */
  attempt: string | null;
}

const PREFIX = 'pirab.draft.';

/** Local copies in the browser's storage. A full or forbidden storage is not an error: the server still has a copy. */
export class LocalDrafts {
  constructor(
    private readonly storage: Storage,
    private readonly accountId: Id,
  ) {}

  /** False when the machine would not keep it. */
  put(draft: LocalDraft): boolean {
    try {
      this.storage.setItem(this.nameOf(draft.key), JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  remove(key: string): void {
    this.storage.removeItem(this.nameOf(key));
  }

  /** This account's copies, oldest first; a damaged entry is left alone and not shown. */
  list(): LocalDraft[] {
    const drafts: LocalDraft[] = [];
    for (let index = 0; index < this.storage.length; index += 1) {
      const name = this.storage.key(index);
      if (name === null || !name.startsWith(`${PREFIX}${this.accountId}.`)) continue;
      const draft = read(this.storage.getItem(name));
      if (draft && draft.accountId === this.accountId) drafts.push(draft);
    }
    return drafts.sort((a, b) => a.changedAt - b.changedAt);
  }

  /** Copies no open page is writing on: another tab's message is that tab's. */
  async orphans(): Promise<LocalDraft[]> {
    const drafts = this.list();
    if (drafts.length === 0 || !globalThis.navigator?.locks) return drafts;
    const held = new Set((await navigator.locks.query()).held?.map((lock) => lock.name));
    return drafts.filter((draft) => !held.has(this.nameOf(draft.key)));
  }

  /** Tells other tabs that this page writes on the draft, until the answer is called or the page is gone. */
  hold(key: string): () => void {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    if (globalThis.navigator?.locks) void navigator.locks.request(this.nameOf(key), () => released);
    return release;
  }

  clear(): void {
    for (const draft of this.list()) this.remove(draft.key);
  }

  private nameOf(key: string): string {
    return `${PREFIX}${this.accountId}.${key}`;
  }
}

function read(text: string | null): LocalDraft | null {
  if (text === null) return null;
  try {
    const draft = JSON.parse(text) as LocalDraft;
    const isWhole = typeof draft.key === 'string' && typeof draft.content?.html === 'string' && Array.isArray(draft.content.to);
    return isWhole ? draft : null;
  } catch {
    return null;
  }
}
