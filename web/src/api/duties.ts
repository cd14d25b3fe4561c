import type { Approval } from './approvals';
import { call } from './rest';

export type DutyKind = 'administrator' | 'operator' | 'security_officer';

/** The signed-in person as far as administration is concerned. */
export interface Office {
  person: { name: string; email: string };
  secondFactor: { isEnrolled: boolean; isNeeded: boolean };
  /** Whether this sign-in may administer now: a second factor was shown. */
  mayAdminister: boolean;
  duties: readonly DutyKind[];
  /** Whether a duty is over every agency. */
  runsService: boolean;
}

export const readOffice = (): Promise<Office> => call<Office>('GET', '/session');

/** An office of administration over one agency. */
export interface Duty {
  id: string;
  personId: string;
  login: string;
  nameTh: string;
  kind: DutyKind;
  appointedAt: string;
  expiresAt: string | null;
}

export const listDuties = (agencyId: string): Promise<readonly Duty[]> => call('GET', `/agencies/${agencyId}/duties`);

export const dismiss = (agencyId: string, dutyId: string): Promise<void> => call('DELETE', `/agencies/${agencyId}/duties/${dutyId}`);

/** Proposes an appointment, which a second administrator has to agree to. `expiresAt` null: until dismissed. */
export const appoint = (agencyId: string, personId: string, kind: DutyKind, expiresAt: string | null): Promise<Approval> =>
  call('POST', `/agencies/${agencyId}/duties`, { personId, kind, expiresAt });
