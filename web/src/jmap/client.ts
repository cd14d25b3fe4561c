import { Batch, type Invocation } from './batch';
import { NetworkError, SetRefused } from './errors';
import { json, request, type Fetch } from './http';
import {
  CONTACTS,
  CORE,
  FILTERS,
  LABELS,
  MAIL,
  MAIL_SAFETY,
  MDN,
  QUOTA,
  RECOVERY,
  SEARCH,
  SIEVE,
  SUBMISSION,
  VACATION_RESPONSE,
  type CoreLimits,
  type Id,
  type Session,
  type SetResponse,
  type SubmissionCapability,
} from './types';

const FALLBACK_LIMITS: CoreLimits = {
  maxSizeUpload: 50_000_000,
  maxConcurrentUpload: 4,
  maxSizeRequest: 10_000_000,
  maxConcurrentRequests: 4,
  maxCallsInRequest: 16,
  maxObjectsInGet: 500,
  maxObjectsInSet: 500,
};

/** An account the signed-in person may use. */
export interface UsableAccount {
  id: Id;
  name: string;
  isOwn: boolean;
}

/** One account on one JMAP server: sends batches, knows the limits, builds download addresses. */
export class Client {
  readonly session: Session;
  readonly accountId: string;
  readonly limits: CoreLimits;
  readonly submission: SubmissionCapability;
  private readonly using: string[];

  constructor(
    session: Session,
    private readonly fetcher: Fetch = (input, init) => globalThis.fetch(input, init),
    account?: Id,
  ) {
    this.session = {
      ...session,
      apiUrl: ownOrigin(session.apiUrl),
      downloadUrl: ownOrigin(session.downloadUrl),
      uploadUrl: ownOrigin(session.uploadUrl),
      eventSourceUrl: ownOrigin(session.eventSourceUrl),
    };
    const accountId = account ?? session.primaryAccounts[MAIL] ?? Object.keys(session.accounts)[0];
    if (accountId === undefined) throw new NetworkError('the session names no mail account');
    this.accountId = accountId;
    this.limits = { ...FALLBACK_LIMITS, ...(session.capabilities[CORE] as Partial<CoreLimits> | undefined) };
    const capabilities = session.accounts[accountId]?.accountCapabilities ?? {};
    this.submission = {
      maxDelayedSend: 0,
      submissionExtensions: {},
      ...(capabilities[SUBMISSION] as Partial<SubmissionCapability> | undefined),
    };
    const known = [CONTACTS, CORE, FILTERS, MAIL, SUBMISSION, MAIL_SAFETY, MDN, LABELS, QUOTA, RECOVERY, SEARCH, SIEVE, VACATION_RESPONSE];
    this.using = known.filter((urn) => urn === CORE || urn in session.capabilities);
  }

  /** Fetches the session object (rfc8620#2). @throws SessionExpired when nobody is signed in. */
  static async open(fetcher: Fetch = (input, init) => globalThis.fetch(input, init)): Promise<Client> {
    const session = await json<Session>(await request(fetcher, '/.well-known/jmap', { cache: 'default' }));
    return new Client(session, fetcher);
  }

  /** The same person at another of their accounts. */
  forAccount(accountId: Id): Client {
    return new Client(this.session, this.fetcher, accountId);
  }

  /** The accounts with mail this person may use, their own first. */
  get accounts(): UsableAccount[] {
    const own = this.session.primaryAccounts[MAIL];
    return Object.entries(this.session.accounts)
      .filter(([, account]) => MAIL in account.accountCapabilities)
      .map(([id, account]) => ({ id, name: account.name, isOwn: id === own }))
      .sort((one, other) => Number(other.isOwn) - Number(one.isOwn) || one.name.localeCompare(other.name));
  }

  /** Whether the account is the person's own. */
  get isOwn(): boolean {
    return this.accountId === this.session.primaryAccounts[MAIL];
  }

  /** Whether the person may write and send in this account; a reader only reads and marks. */
  get mayWrite(): boolean {
    return SUBMISSION in (this.session.accounts[this.accountId]?.accountCapabilities ?? {});
  }

  /** Whether the server shows messages' HTML sanitised by itself. */
  get hasSafeHtml(): boolean {
    return this.using.includes(MAIL_SAFETY);
  }

  /** Whether the server has this capability. */
  speaks(capability: string): boolean {
    return this.using.includes(capability);
  }

  batch(): Batch {
    return new Batch(this.accountId);
  }

  /** Sends the batch; read each call's `result()` afterwards. */
  async send(batch: Batch, signal?: AbortSignal): Promise<void> {
    const response = await request(this.fetcher, this.session.apiUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ using: this.using, methodCalls: batch.invocations }),
      ...(signal ? { signal } : {}),
    });
    const answer = await json<{ methodResponses?: Invocation[] }>(response);
    batch.settle(answer.methodResponses ?? []);
  }

  /** One method call in a request of its own. */
  async call<T>(name: string, args: Record<string, unknown>, signal?: AbortSignal): Promise<T> {
    const batch = this.batch();
    const call = batch.add<T>(name, args);
    await this.send(batch, signal);
    return call.result();
  }

  /** The address of one of the account's things outside JMAP, such as `exports`. */
  resourceUrl(path: string): string {
    return `/api/v1/accounts/${encodeURIComponent(this.accountId)}/${path}`;
  }

  /** A request to such an address; the answer is JSON, or nothing. `body` is sent as JSON unless it is a Blob. */
  async resource<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const isFile = body instanceof Blob;
    const response = await request(this.fetcher, this.resourceUrl(path), {
      method,
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
      headers: body === undefined ? {} : { 'Content-Type': isFile ? 'application/octet-stream' : 'application/json' },
      ...(signal ? { signal } : {}),
    });
    return response.status === 204 ? (undefined as T) : await json<T>(response);
  }

  /** rfc8620#6.2; `type` decides how the browser treats the bytes, `name` the file name it offers. */
  downloadUrl(blobId: string, name: string, type: string): string {
    return expandTemplate(this.session.downloadUrl, { accountId: this.accountId, blobId, name, type });
  }

  uploadUrl(): string {
    return expandTemplate(this.session.uploadUrl, { accountId: this.accountId });
  }

  /** rfc8620#7.3; `ping` in seconds keeps idle connections from being cut. */
  eventSourceUrl(types: readonly string[], ping: number): string {
    return expandTemplate(this.session.eventSourceUrl, {
      types: types.join(','),
      closeafter: 'no',
      ping: String(ping),
    });
  }

  /** Bytes behind an address of our own origin, such as the server puts into sanitised HTML. */
  async downloadFrom(url: string): Promise<Blob> {
    return await (await request(this.fetcher, ownOrigin(url))).blob();
  }
}

/**
 * The address without scheme and host. The page only ever talks to the origin it came from: the cookie is bound to it,
 * whatever public name the server knows itself by.
 */
export function ownOrigin(url: string): string {
  return url.replace(/^https?:\/\/[^/]+/i, '');
}

/** rfc6570 level 1 expansion, as rfc8620#2 asks for. */
export function expandTemplate(template: string, values: Record<string, string>): string {
  return template.replace(/\{([a-zA-Z]+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ''));
}

/** Throws the first refusal of a /set answer. */
export function requireSet<T>(response: SetResponse<T>): SetResponse<T> {
  for (const refused of [response.notCreated, response.notUpdated, response.notDestroyed]) {
    const error = refused && Object.values(refused)[0];
    if (error) throw new SetRefused(error.type, error.description ?? '', error.properties ?? []);
  }
  return response;
}
