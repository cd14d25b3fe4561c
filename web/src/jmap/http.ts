import { NetworkError, RequestRefused, SessionExpired } from './errors';

/** Marks a request as ours: another site's page cannot send this header, so it cannot act for the person. */
export const OWN_REQUEST_HEADER = { 'X-Pirab-Request': '1' } as const;

export type Fetch = typeof globalThis.fetch;

/**
 * One request to our own origin with the session cookie.
 *
 * @throws NetworkError when there is no answer, SessionExpired on 401, RequestRefused on any other failure.
 */
export async function request(fetcher: Fetch, url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetcher(url, {
      credentials: 'same-origin',
      cache: 'no-store',
      ...init,
      headers: { ...OWN_REQUEST_HEADER, ...(init.headers as Record<string, string> | undefined) },
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new NetworkError(String(error));
  }
  if (response.ok) return response;
  throw refusal(response.status, await response.text().catch(() => ''), response.headers.get('Retry-After'));
}

/** The error class for a failed HTTP answer; 502–504 come from the front when the application is down. */
export function refusal(status: number, body: string, retryAfter: string | null = null): Error {
  if (status === 401) return new SessionExpired('sign-in is over');
  if (status === 0 || (status >= 502 && status <= 504)) return new NetworkError(`HTTP ${status}`);
  let type: string | null = null;
  let detail = '';
  let fields: Record<string, unknown> = {};
  try {
    const problem: unknown = JSON.parse(body);
    if (problem !== null && typeof problem === 'object') {
      fields = problem as Record<string, unknown>;
      type = typeof fields['type'] === 'string' ? fields['type'] : null;
      detail = typeof fields['detail'] === 'string' ? fields['detail'] : '';
    }
  } catch {
    detail = '';
  }
  const seconds = retryAfter === null ? Number.NaN : Number.parseInt(retryAfter, 10);
  return new RequestRefused(status, type, detail, Number.isNaN(seconds) ? null : seconds, fields);
}

/** The body as JSON; a body that is not JSON is a broken connection or a wrong server. */
export async function json<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new NetworkError(`answer is not JSON: ${String(error)}`);
  }
}
