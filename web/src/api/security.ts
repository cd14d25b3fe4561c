/** The person's own means of signing in (`/api/v1/me/…`). */
import { makePasskey, type Question } from './passkey';
import { call } from './rest';

type Moment = string;

export interface Passkey {
  id: string;
  name: string;
  is_synced: boolean;
  created_at: Moment;
  last_used_at: Moment | null;
}

export interface Security {
  has_password: boolean;
  has_totp: boolean;
  passkeys: Passkey[];
  recovery_codes: number;
  is_demanded: boolean;
}

export interface NewTotp {
  secret: string;
  uri: string;
  /** Rows of the QR code, 1 is dark. */
  qr: string[];
}

export interface DeviceSession {
  id: string;
  device: string;
  address: string;
  method: string;
  created_at: Moment;
  seen_at: Moment;
  is_this_one: boolean;
}

export interface SignInLine {
  at: Moment;
  door: 'web' | 'api' | 'submission' | 'ldap' | 'imap';
  method: string;
  result: 'ok' | 'wrong' | 'braked' | 'second_factor' | 'needs_app_password';
  address: string;
  device: string;
  times: number;
}

export type Scope = 'mail.read' | 'mail' | 'submit' | 'directory' | 'admin';

export interface Token {
  id: string;
  kind: 'app_password' | 'api';
  label: string;
  scopes: Scope[];
  networks: string[];
  created_at: Moment;
  expires_at: Moment | null;
  last_used_at: Moment | null;
  last_used_from: string;
}

export interface TokenOffer {
  kind: Token['kind'];
  label: string;
  scopes: Scope[];
  networks: string[];
  expires_at: Moment | null;
}

interface Items<T> {
  items: T[];
}
interface Codes {
  recovery_codes: string[];
}

export const readSecurity = (): Promise<Security> => call('GET', '/me/security');

export const changePassword = (current: string | null, next: string): Promise<void> => call('PUT', '/me/password', { current, new: next });

export const beginTotp = (): Promise<NewTotp> => call('POST', '/me/totp');

/** @returns new recovery codes, none where there were some already. */
export const confirmTotp = async (code: string): Promise<string[]> => (await call<Codes>('POST', '/me/totp/confirm', { code })).recovery_codes;

export const removeTotp = (): Promise<void> => call('DELETE', '/me/totp');

export const renewCodes = async (): Promise<string[]> => (await call<Codes>('POST', '/me/recovery-codes')).recovery_codes;

/** @returns new recovery codes, none where there were some already. */
export async function addPasskey(name: string): Promise<string[]> {
  const answer = await makePasskey(await call<Question>('POST', '/me/passkeys/options'));
  return (await call<Codes>('POST', '/me/passkeys', { name, ...answer })).recovery_codes;
}

export const renamePasskey = (id: string, name: string): Promise<void> => call('PATCH', `/me/passkeys/${id}`, { name });

export const removePasskey = (id: string): Promise<void> => call('DELETE', `/me/passkeys/${id}`);

export const readSessions = async (): Promise<DeviceSession[]> => (await call<Items<DeviceSession>>('GET', '/me/sessions')).items;

export const endSession = (id: string): Promise<void> => call('DELETE', `/me/sessions/${id}`);

export const endOtherSessions = (): Promise<unknown> => call('DELETE', '/me/sessions');

export const readSignIns = (cursor: string | null): Promise<Items<SignInLine> & { cursor: string | null }> =>
  call('GET', `/me/sign-ins?limit=30${cursor === null ? '' : `&cursor=${cursor}`}`);

export const readTokens = async (): Promise<Token[]> => (await call<Items<Token>>('GET', '/me/tokens')).items;

export const issueToken = async (offer: TokenOffer): Promise<string> => (await call<{ secret: string }>('POST', '/me/tokens', offer)).secret;

export const withdrawToken = (id: string): Promise<void> => call('DELETE', `/me/tokens/${id}`);
