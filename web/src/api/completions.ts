/** What a recipient field offers: `/api/v1/completions`. */
import { json, request, type Fetch } from '../jmap/http';

export interface Member {
  name: string;
  email: string;
}

/** One offer; a `list` is a group of one's own, written to by its members. Empty where nothing is known. */
export interface Completion {
  kind: 'official' | 'contact' | 'correspondent' | 'group' | 'list';
  name: string;
  nameEn: string;
  email: string;
  postTh: string;
  postEn: string;
  unitTh: string;
  unitEn: string;
  personId: string | null;
  cardId: string | null;
  members: Member[];
}

/** @throws NetworkError, SessionExpired, RequestRefused, or the AbortError of `signal`. */
export async function complete(text: string, signal: AbortSignal, fetcher: Fetch = (input, init) => fetch(input, init)): Promise<Completion[]> {
  const query = new URLSearchParams({ q: text.slice(0, 200) }).toString();
  const answer = await json<{ items: Completion[] }>(await request(fetcher, `/api/v1/completions?${query}`, { signal }));
  return answer.items;
}
