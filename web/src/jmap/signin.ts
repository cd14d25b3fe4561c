import type { Fetch } from './http';
import { json, request } from './http';

/** The person behind the session cookie. */
export interface Person {
  name?: string;
  email?: string;
  [key: string]: unknown;
}

const ENDPOINT = '/api/v1/session';

/** @throws SessionExpired on wrong name or password (401), RequestRefused with `retryAfter` when tried too often (429). */
export async function signIn(fetcher: Fetch, login: string, password: string): Promise<Person> {
  const response = await request(fetcher, ENDPOINT, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  return (await json<{ person: Person }>(response)).person;
}

/** @throws SessionExpired when nobody is signed in. */
export async function whoAmI(fetcher: Fetch): Promise<Person> {
  return (await json<{ person: Person }>(await request(fetcher, ENDPOINT))).person;
}

export async function signOut(fetcher: Fetch): Promise<void> {
  await request(fetcher, ENDPOINT, { method: 'DELETE', headers: { 'Content-Type': 'application/json' } });
}
