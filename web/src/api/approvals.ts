import { queryOf, type Asked, type Page } from './pages';
import { call } from './rest';

export type ApprovalState = 'open' | 'done' | 'refused' | 'withdrawn' | 'failed' | 'expired';

/** A dangerous act that waits for a second person, or what came of it. */
export interface Approval {
  id: string;
  act: string;
  agencyId: string | null;
  subject: string;
  state: ApprovalState;
  proposer: string;
  proposedAt: string;
  expiresAt: string;
  decider: string | null;
  decidedAt: string | null;
  outcome: string;
  isMine: boolean;
  mayDecide: boolean;
}

export const listApprovals = ({ cursor, limit }: Asked): Promise<Page<Approval>> => call('GET', `/approvals${queryOf({ cursor, limit })}`);

const act = (id: string, name: string, body: unknown = {}): Promise<Approval> => call('POST', `/approvals/${encodeURIComponent(id)}/${name}`, body);
/** Does what was proposed. @throws RequestRefused `strong-auth-needed` without a fresh proof. */
export const approve = (id: string): Promise<Approval> => act(id, 'approve');
export const refuse = (id: string, reason: string): Promise<Approval> => act(id, 'refuse', { reason });
export const withdraw = (id: string): Promise<Approval> => act(id, 'withdraw');
