import { queryOf, type Asked, type Page } from './pages';
import { call } from './rest';

export const GROUP_KINDS = ['people', 'post', 'unit'] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];
export const POSTINGS = ['open', 'members', 'announcement', 'moderated'] as const;
export type Posting = (typeof POSTINGS)[number];

export interface GroupFacts {
  kind: GroupKind;
  posting: Posting;
  nameTh: string;
  nameEn: string;
  /** Whose people it stands for, where `kind` is `unit`. */
  unitId: string | null;
}

export interface Group extends GroupFacts {
  id: string;
  agencyId: string;
  address: string;
  isActive: boolean;
  version: number;
}

export type MemberKind = 'person' | 'post' | 'group' | 'address';

export interface Member {
  id: string;
  kind: MemberKind;
  memberId: string | null;
  shown: string;
  receives: boolean;
  manages: boolean;
}

/** Lists of groups call their next cursor `cursor`. */
interface Listed<T> {
  items: readonly T[];
  cursor: string | null;
}

async function page<T>(path: string, { q, cursor, limit }: Asked): Promise<Page<T>> {
  const answer = await call<Listed<T>>('GET', path + queryOf({ q, cursor, limit }));
  return { items: answer.items, next: answer.cursor };
}

const all = (agencyId: string): string => `/agencies/${encodeURIComponent(agencyId)}/groups`;
const one = (group: { agencyId: string; id: string }): string => `${all(group.agencyId)}/${encodeURIComponent(group.id)}`;

export const listGroups = (agencyId: string, asked: Asked): Promise<Page<Group>> => page(all(agencyId), asked);
export const readGroup = (agencyId: string, id: string): Promise<Group> => call('GET', one({ agencyId, id }));
/** @throws RequestRefused `address-taken`, `group-invalid`. */
export const makeGroup = (agencyId: string, address: string, facts: GroupFacts): Promise<Group> => call('POST', all(agencyId), { ...facts, address });
/** @throws RequestRefused with 412 when somebody else changed it since `version`. */
export const editGroup = (group: Group, facts: GroupFacts, version: number): Promise<Group> => call('PUT', one(group), { ...facts, version });
export const closeGroup = (group: Group): Promise<void> => call('DELETE', one(group));
export const reopenGroup = (group: Group): Promise<Group> => call('POST', `${one(group)}/reopen`);

export const listMembers = (group: Group, { cursor, limit }: Asked): Promise<Page<Member>> => page(`${one(group)}/members`, { cursor: cursor ?? null, ...(limit !== undefined && { limit }) });
/** Repeating it changes what the member receives and manages. */
export const putMember = (group: Group, kind: MemberKind, member: string, may: { receives: boolean; manages: boolean }): Promise<Member> =>
  call('POST', `${one(group)}/members`, { kind, member, ...may });
export const removeMember = (group: Group, memberId: string): Promise<void> => call('DELETE', `${one(group)}/members/${encodeURIComponent(memberId)}`);

/** What is said of a group, without what the server adds. */
export function groupFactsOf({ kind, posting, nameTh, nameEn, unitId }: GroupFacts): GroupFacts {
  return { kind, posting, nameTh, nameEn, unitId };
}
