/** The directory of officials over REST: `/api/v1/directory/…`. */
import { json, request, type Fetch } from '../jmap/http';

export interface Unit {
  id: string;
  nameTh: string;
  nameEn: string;
  abbreviation: string;
  abbreviationEn: string;
  /** The way from the root to it, itself included, as ids. */
  path: string[];
}

export interface HeldPost {
  id: string;
  unitId: string;
  titleTh: string;
  titleEn: string;
  /** Held for whoever should hold it. */
  isActing: boolean;
  isHead: boolean;
}

/** What is hidden is empty. */
export interface Person {
  id: string;
  nameTh: string;
  nameEn: string;
  title: string;
  rank: string;
  email: string;
  unitId: string | null;
  posts: HeldPost[];
  officePhone: string;
  extension: string;
  mobile: string;
  hasPicture: boolean;
}

export interface Entry extends Person {
  expertise: string;
  about: string;
  units: Unit[];
}

export interface PeopleFound {
  people: Person[];
  /** Every unit the people stand in, with all above them. */
  units: Unit[];
  total: number;
  /** Whether `total` is all; else a closer question finds better. */
  isExact: boolean;
  next: string | null;
}

export interface ChildUnit extends Unit {
  kind: string;
  hasChildren: boolean;
}

export interface WholeUnit extends Unit {
  above: Unit[];
  /** Its central address, where it has one. */
  writeTo: string[];
}

export interface Post {
  id: string;
  titleTh: string;
  titleEn: string;
  isHead: boolean;
  holders: { person: Person; isActing: boolean }[];
  /** Its own address, else its holders', else the unit's central one. */
  writeTo: string[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface PeoplePage extends Page<Person> {
  units: Unit[];
}

const BASE = '/api/v1/directory';

/** All of them throw NetworkError, SessionExpired, or RequestRefused: 404 for what is not there, 429 once too much was read. */
export class DirectoryClient {
  constructor(private readonly fetcher: Fetch = (input, init) => fetch(input, init)) {}

  search(text: string, cursor: string | null, signal?: AbortSignal): Promise<PeopleFound> {
    return this.get('/search', { q: text, cursor }, signal);
  }

  person(id: string, signal?: AbortSignal): Promise<Entry> {
    return this.get(`/people/${encodeURIComponent(id)}`, {}, signal);
  }

  unit(id: string, signal?: AbortSignal): Promise<WholeUnit> {
    return this.get(`/units/${encodeURIComponent(id)}`, {}, signal);
  }

  /** Units directly below one, or the roots. */
  children(id: string | null, cursor: string | null, signal?: AbortSignal): Promise<Page<ChildUnit>> {
    return this.get(id === null ? '/units' : `/units/${encodeURIComponent(id)}/children`, { cursor }, signal);
  }

  posts(id: string, cursor: string | null, signal?: AbortSignal): Promise<Page<Post>> {
    return this.get(`/units/${encodeURIComponent(id)}/posts`, { cursor }, signal);
  }

  people(id: string, cursor: string | null, signal?: AbortSignal): Promise<PeoplePage> {
    return this.get(`/units/${encodeURIComponent(id)}/people`, { cursor }, signal);
  }

  private async get<T>(path: string, query: Record<string, string | null>, signal?: AbortSignal): Promise<T> {
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null);
    const search = new URLSearchParams(given).toString();
    return json<T>(await request(this.fetcher, `${BASE}${path}${search && `?${search}`}`, signal ? { signal } : {}));
  }
}

/** The picture of somebody who has one. */
export function pictureUrl(person: Person): string {
  return `${BASE}/people/${encodeURIComponent(person.id)}/picture`;
}
