import { call } from './rest';

export const AGENCY_KINDS = ['ministry', 'department', 'division', 'section', 'province', 'local_authority', 'state_enterprise', 'other'] as const;
export type AgencyKind = (typeof AGENCY_KINDS)[number];

export interface AgencyFacts {
  kind: AgencyKind;
  nameTh: string;
  nameEn: string;
  abbreviation: string;
  abbreviationEn: string;
  documentCode: string;
  position: number;
}

/** What an agency and all below it may have together; null: only what those above say. Storage in octets. */
export interface Limits {
  mostPeople: number | null;
  mostStorageBytes: number | null;
  mostDomains: number | null;
}

export interface Agency extends AgencyFacts {
  id: string;
  parentId: string | null;
  /** The way from the root to it, itself included. */
  path: readonly string[];
  limits: Limits;
  /** Room of each account in octets; null: as above it. */
  quotaBytes: number | null;
  isActive: boolean;
  version: number;
}

const at = (id: string): string => `/agencies/${encodeURIComponent(id)}`;

/** The roots of what the caller administers. */
export const listRoots = (): Promise<readonly Agency[]> => call('GET', '/agencies');
export const readAgency = (id: string): Promise<Agency> => call('GET', at(id));
export const listChildren = (id: string): Promise<readonly Agency[]> => call('GET', `${at(id)}/children`);
export const makeAgency = (above: string | null, facts: AgencyFacts): Promise<Agency> => call('POST', above === null ? '/agencies' : `${at(above)}/children`, facts);
/** @throws RequestRefused with 412 when somebody else changed it since `version`. */
export const editAgency = (id: string, facts: AgencyFacts, version: number): Promise<Agency> => call('PUT', at(id), { ...facts, version });
export const closeAgency = (id: string): Promise<void> => call('DELETE', at(id));
export const moveAgency = (id: string, parentId: string | null): Promise<Agency> => call('PUT', `${at(id)}/parent`, { parentId });
export const limitAgency = (id: string, limits: Limits): Promise<Agency> => call('PUT', `${at(id)}/limits`, limits);

/** What is said of an agency, without what the server adds. */
export function factsOf(agency: AgencyFacts): AgencyFacts {
  const { kind, nameTh, nameEn, abbreviation, abbreviationEn, documentCode, position } = agency;
  return { kind, nameTh, nameEn, abbreviation, abbreviationEn, documentCode, position };
}
