import type { Approval } from './approvals';
import { queryOf, type Asked, type Page } from './pages';
import { call } from './rest';

export type DomainState = 'claimed' | 'proven' | 'receiving' | 'complete';
export type RecordState = 'unchecked' | 'found' | 'missing' | 'wrong' | 'unknown';
export type KeyState = 'waiting' | 'signing' | 'retired' | 'revoked';
export type Oddity = 'not_governmental' | 'thai_script' | 'below_another';

export interface Domain {
  id: string;
  agencyId: string;
  /** The A-label. */
  name: string;
  shownName: string;
  state: DomainState;
  isVouched: boolean;
  mtaSts: 'testing' | 'enforce';
  aliasOf: string | null;
  claimedAt: string;
  provenAt: string | null;
  proofMissingSince: string | null;
  checkedAt: string | null;
}

export interface DnsRecord {
  /** Names it within the domain. */
  key: string;
  kind: string;
  name: string;
  type: string;
  value: string;
  isRequired: boolean;
  state: RecordState;
  seen: readonly string[];
  checkedAt: string | null;
  adviceTh: string;
  adviceEn: string;
}

export interface Report {
  domain: Domain;
  records: readonly DnsRecord[];
}

export interface SigningKey {
  selector: string;
  generation: number;
  algorithm: 'rsa' | 'ed25519';
  state: KeyState;
  record: string;
  createdAt: string;
  signingAt: string | null;
  retiredAt: string | null;
}

export interface HistoryLine {
  key: string;
  before: string;
  after: string;
  detail: string;
  at: string;
}

/** What came of a wish: the domain as it is now, or the proposal that waits for a second person. */
export interface Outcome {
  domain: Domain | null;
  approval: Approval | null;
}

type Named = Pick<Domain, 'id' | 'agencyId'>;
const all = (agencyId: string): string => `/agencies/${encodeURIComponent(agencyId)}/domains`;
const one = ({ agencyId, id }: Named): string => `${all(agencyId)}/${encodeURIComponent(id)}`;

export const listDomains = (agencyId: string, { q, cursor, limit }: Asked): Promise<Page<Domain>> => call('GET', all(agencyId) + queryOf({ q, cursor, limit }));
/** @throws RequestRefused `domain-taken`, `name-invalid`, `name-reserved`, `name-lookalike`, `limit-reached`. */
export const claimDomain = (agencyId: string, name: string): Promise<Domain & { oddities: readonly Oddity[] }> => call('POST', all(agencyId), { name });
export const readDomain = (agencyId: string, id: string): Promise<Report> => call('GET', one({ agencyId, id }));
/** Asks the DNS now, about one record or all of them. */
export const checkDomain = (domain: Named, only: string | null): Promise<Report> => call('POST', `${one(domain)}/check${queryOf({ only })}`);
/** @throws RequestRefused `strong-auth-needed`, `not-proven`, `domain-taken`. */
export const activateDomain = (domain: Named): Promise<Outcome> => call('POST', `${one(domain)}/activate`);
/** @throws RequestRefused `domain-in-use`. */
export const releaseDomain = (domain: Named): Promise<Outcome | undefined> => call('DELETE', one(domain));
export const setPolicy = (domain: Named, mtaSts: Domain['mtaSts']): Promise<Outcome> => call('PUT', `${one(domain)}/policy`, { mtaSts });
export const standFor = (domain: Named, mainId: string | null): Promise<Outcome> => call('PUT', `${one(domain)}/alias`, { mainId });

export const listKeys = (domain: Named): Promise<readonly SigningKey[]> => call('GET', `${one(domain)}/keys`);
/** @throws RequestRefused `rotation-refused` while other keys wait. */
export const beginRotation = (domain: Named): Promise<readonly SigningKey[]> => call('POST', `${one(domain)}/keys`);
export const abandonRotation = (domain: Named, selector: string): Promise<void> => call('DELETE', `${one(domain)}/keys/${encodeURIComponent(selector)}`);

export const readHistory = (domain: Named): Promise<Page<HistoryLine>> => call('GET', `${one(domain)}/history${queryOf({ limit: 50 })}`);

/** Address of the records as a zone file. */
export const zoneAddress = (domain: Named): string => `/api/v1${one(domain)}/zone`;
