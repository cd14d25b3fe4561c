import { Client, type Invocation, type Session } from '../../src/jmap';

type Answer = Record<string, unknown> | Error;
type Method = (args: Record<string, unknown>) => Answer;

const session: Session = {
  capabilities: { 'urn:ietf:params:jmap:core': {}, 'urn:ietf:params:jmap:mail': {}, 'urn:ietf:params:jmap:submission': {} },
  accounts: { a1: { name: 'me', isPersonal: true, isReadOnly: false, accountCapabilities: { 'urn:ietf:params:jmap:submission': { maxDelayedSend: 300 } } } },
  primaryAccounts: { 'urn:ietf:params:jmap:mail': 'a1' },
  username: 'me@x.test',
  apiUrl: '/jmap/',
  downloadUrl: '/d/{blobId}',
  uploadUrl: '/u/',
  eventSourceUrl: '/e',
  state: 's',
};

/** A server that answers each method as a test tells it, and remembers what it was asked. */
export class FakeServer {
  readonly calls: [string, Record<string, unknown>][] = [];
  readonly methods: Record<string, Method> = {};
  /** Set to lose the answer after the work is done, or the request before it. */
  fails: 'before' | 'after' | null = null;
  readonly client = new Client(session, (_, init) => this.answer(String(init?.body)));

  called(name: string): Record<string, unknown>[] {
    return this.calls.filter(([called]) => called === name).map(([, args]) => args);
  }

  private async answer(body: string): Promise<Response> {
    if (this.fails === 'before') return Promise.reject(new TypeError('Failed to fetch'));
    const { methodCalls } = JSON.parse(body) as { methodCalls: Invocation[] };
    const methodResponses = methodCalls.map(([name, args, id]): Invocation => {
      this.calls.push([name, args]);
      const method = this.methods[name];
      const answer = method ? method(args) : {};
      return answer instanceof Error ? ['error', { type: answer.message }, id] : [name, answer, id];
    });
    if (this.fails === 'after') return Promise.reject(new TypeError('Failed to fetch'));
    return Promise.resolve(new Response(JSON.stringify({ methodResponses })));
  }
}

export class FakeStorage implements Storage {
  readonly items = new Map<string, string>();
  isFull = false;
  get length(): number {
    return this.items.size;
  }
  clear(): void {
    this.items.clear();
  }
  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  removeItem(name: string): void {
    this.items.delete(name);
  }
  setItem(name: string, value: string): void {
    if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(name, value);
  }
}
