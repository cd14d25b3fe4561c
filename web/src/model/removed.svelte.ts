import { MethodError, RECOVERY, type Client, type GetResponse, type Id, type QueryResponse, type RemovedEmail, type RestoreResponse } from '../jmap';

/** Letters of one request: enough to be quick, few enough for a bar that moves. */
const RESTORED_AT_ONCE = 25;
const PAGE = 50;

export type RestoreProblem = 'known' | 'gone' | 'overQuota' | 'failed';

/** What became of letters that were asked back. */
export interface RestoreResult {
  count: number;
  problems: Partial<Record<RestoreProblem, number>>;
  /** Where most of them went. */
  mailboxId: Id | null;
}

const PROBLEMS: Record<string, RestoreProblem> = { alreadyExists: 'known', notFound: 'gone', overQuota: 'overQuota' };

/** Destroyed mail that can still be had back, the latest first. */
export class Removed {
  list = $state.raw<readonly RemovedEmail[]>([]);
  total = $state(0);
  status = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);
  chosen = $state.raw<ReadonlySet<Id>>(new Set());
  /** Set while letters are being brought back. */
  progress = $state.raw<{ done: number; total: number } | null>(null);
  result = $state.raw<RestoreResult | null>(null);
  private text = '';
  /** Raised by every reading: an answer that was overtaken counts for nothing. */
  private turn = 0;

  constructor(private readonly client: Client) {}

  /** Days for which mail can be had back. */
  get days(): number {
    const capability = this.client.session.accounts[this.client.accountId]?.accountCapabilities[RECOVERY];
    return (capability as { daysRecoverable?: number } | undefined)?.daysRecoverable ?? 30;
  }

  /** Shows what matches `text`; all for an empty one. */
  async search(text: string): Promise<void> {
    this.text = text;
    this.status = 'loading';
    await this.read(0);
  }

  more(): Promise<void> {
    return this.read(this.list.length);
  }

  choose(id: Id, isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    if (isChosen) chosen.add(id);
    else chosen.delete(id);
    this.chosen = chosen;
  }

  chooseAll(isChosen: boolean): void {
    this.chosen = new Set(isChosen ? this.list.map(({ id }) => id) : []);
  }

  /** Brings the chosen letters back. @throws when the server cannot be reached; what came back until then is back. */
  async restore(): Promise<void> {
    const ids = [...this.chosen];
    const back: Record<Id, boolean>[] = [];
    const problems: RestoreResult['problems'] = {};
    this.result = null;
    this.progress = { done: 0, total: ids.length };
    try {
      for (let at = 0; at < ids.length; at += RESTORED_AT_ONCE) {
        const some = ids.slice(at, at + RESTORED_AT_ONCE);
        const answer = await this.client.call<RestoreResponse>('RemovedEmail/restore', { ids: some });
        back.push(...Object.values(answer.restored ?? {}).map(({ mailboxIds }) => mailboxIds));
        for (const { type } of Object.values(answer.notRestored ?? {})) {
          const problem = PROBLEMS[type] ?? 'failed';
          problems[problem] = (problems[problem] ?? 0) + 1;
        }
        this.progress = { done: at + some.length, total: ids.length };
      }
      this.result = { count: back.length, problems, mailboxId: mostOften(back) };
    } finally {
      this.progress = null;
      await this.read(0);
    }
  }

  private async read(position: number): Promise<void> {
    const turn = ++this.turn;
    const batch = this.client.batch();
    const filter = this.text === '' ? null : { text: this.text };
    const query = batch.add<QueryResponse>('RemovedEmail/query', { filter, position, limit: PAGE, calculateTotal: true });
    const get = batch.add<GetResponse<RemovedEmail>>('RemovedEmail/get', { '#ids': query.ref('/ids') });
    try {
      await this.client.send(batch);
      if (turn !== this.turn) return;
      const byId = new Map(get.result().list.map((email) => [email.id, email]));
      const page = query.result().ids.flatMap((id) => byId.get(id) ?? []);
      const isHere = new Set(page.map(({ id }) => id));
      const before = position === 0 ? [] : this.list.filter(({ id }) => !isHere.has(id));
      this.list = [...before, ...page];
      this.total = query.result().total ?? this.list.length;
      const shown = new Set(this.list.map(({ id }) => id));
      this.chosen = new Set([...this.chosen].filter((id) => shown.has(id)));
      this.status = 'ready';
    } catch (error) {
      if (turn !== this.turn) return;
      this.error = error;
      if (position === 0) this.status = 'failed';
      else throw error;
    }
  }
}

/** Whole days until a letter is gone, 0 on the last one. */
export function daysLeft(email: RemovedEmail, now = Date.now()): number {
  const days = (new Date(email.recoverableUntil).getTime() - now) / 86_400_000;
  return days < 1 ? 0 : Math.round(days);
}

function mostOften(places: readonly Record<Id, boolean>[]): Id | null {
  const counts = new Map<Id, number>();
  for (const id of places.flatMap((place) => Object.keys(place))) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? null;
}

/** Destroys everything in a mailbox, a few hundred letters at a time; `onProgress` hears of each. @returns how many. */
export async function emptyMailbox(client: Client, mailboxId: Id, onProgress: (done: number) => void): Promise<number> {
  const atOnce = Math.min(200, client.limits.maxObjectsInSet);
  let done = 0;
  for (;;) {
    const batch = client.batch();
    const query = batch.add<QueryResponse>('Email/query', { filter: { inMailbox: mailboxId }, limit: atOnce });
    const set = batch.add<{ destroyed: Id[] | null }>('Email/set', { '#destroy': query.ref('/ids') });
    await client.send(batch);
    const gone = set.result().destroyed?.length ?? 0;
    done += gone;
    onProgress(done);
    if (query.result().ids.length < atOnce) return done;
    // Letters that stay for whatever reason would be asked for again for ever.
    if (gone === 0) throw new MethodError('serverFail', 'Email/set', 'nothing was destroyed');
  }
}
