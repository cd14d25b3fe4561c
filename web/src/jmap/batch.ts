import { MethodError } from './errors';

/** rfc8620#3.2 Invocation: name, arguments, call id. */
export type Invocation = [name: string, args: Record<string, unknown>, callId: string];

/** rfc8620#3.7 */
export interface ResultReference {
  resultOf: string;
  name: string;
  path: string;
}

/** A call in a batch: a typed promise of its answer, and the reference others may point at. */
export interface Call<T> {
  readonly id: string;
  readonly name: string;
  ref(path: string): ResultReference;
  /** The answer, once `Batch.settle` has run. @throws MethodError when this call failed. */
  result(): T;
}

/** Method calls that travel in one request and may use each other's results. */
export class Batch {
  readonly invocations: Invocation[] = [];
  private readonly answers = new Map<string, Invocation[]>();

  constructor(readonly accountId: string) {}

  /** Adds a call. An argument whose name starts with `#` is a ResultReference. */
  add<T>(name: string, args: Record<string, unknown>): Call<T> {
    const id = `c${this.invocations.length}`;
    this.invocations.push([name, { accountId: this.accountId, ...args }, id]);
    return {
      id,
      name,
      ref: (path) => ({ resultOf: id, name, path }),
      result: () => this.read<T>(id, name),
    };
  }

  /** Takes the server's methodResponses in. */
  settle(responses: readonly Invocation[]): void {
    for (const response of responses) {
      const known = this.answers.get(response[2]);
      if (known) known.push(response);
      else this.answers.set(response[2], [response]);
    }
  }

  private read<T>(id: string, name: string): T {
    // An implicit Email/set answer of onSuccessUpdateEmail carries the same call id (rfc8620#3.4): take the one by name.
    const answers = this.answers.get(id) ?? [];
    const answer = answers.find((candidate) => candidate[0] === name) ?? answers[0];
    if (!answer) throw new MethodError('serverFail', name, 'no answer to this call');
    if (answer[0] === 'error') {
      const { type, description } = answer[1] as { type?: string; description?: string };
      throw new MethodError(type ?? 'serverFail', name, description ?? '');
    }
    return answer[1] as T;
  }
}
