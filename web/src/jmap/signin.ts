import type { Fetch } from './http';
import { json, request } from './http';

/** The person behind the session cookie. */
export interface Person {
  name?: string;
  email?: string;
  [key: string]: unknown;
}

const ENDPOINT = '/api/v1/session';

/** @throws SessionExpired when nobody is signed in. */
export async function whoAmI(fetcher: Fetch): Promise<Person> {
  return (await json<{ person: Person }>(await request(fetcher, ENDPOINT))).person;
}

export async function signOut(fetcher: Fetch): Promise<void> {
  await request(fetcher, ENDPOINT, { method: 'DELETE', headers: { 'Content-Type': 'application/json' } });
}
