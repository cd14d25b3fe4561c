/** What can go wrong between the page and the server. Each class is one next step for the person. */

/** The server could not be reached, or cut the connection: try again later, keep everything. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** The sign-in is over (HTTP 401): sign in again, keep everything. */
export class SessionExpired extends Error {
  override readonly name = 'SessionExpired';
}

/** An HTTP answer that is not success; `type` is the problem's URN where the server sent one (rfc7807). */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  constructor(
    readonly status: number,
    readonly type: string | null,
    readonly detail: string,
    /** Seconds to wait, from Retry-After. */
    readonly retryAfter: number | null = null,
    /** Every member of the problem as it came. */
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || `HTTP ${status}`);
  }
}

/** A method answered with an error (rfc8620#3.6.2). */
export class MethodError extends Error {
  override readonly name = 'MethodError';
  constructor(
    readonly type: string,
    readonly method: string,
    readonly detail: string,
  ) {
    super(detail || type);
  }
}

/** One object of a /set call was refused (rfc8620#5.3). */
export class SetRefused extends Error {
  override readonly name = 'SetRefused';
  constructor(
    readonly type: string,
    readonly detail: string,
    readonly properties: readonly string[] = [],
  ) {
    super(detail || type);
  }
}
