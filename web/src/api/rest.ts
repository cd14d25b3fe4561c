import { json, request } from '../jmap/http';

/**
 * One call of the REST API (`/api/v1/openapi.json`) with the session cookie; the answer as JSON, undefined where there is none.
 *
 * @throws NetworkError, SessionExpired on 401, RequestRefused whose `type` tells refusals apart.
 */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await request(globalThis.fetch.bind(globalThis), `/api/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.status === 204 ? (undefined as T) : json<T>(response);
}

/** The last part of a problem's type: `strong-auth-needed`. */
export function problemName(type: string | null): string {
  return type?.split('/').pop() ?? '';
}
