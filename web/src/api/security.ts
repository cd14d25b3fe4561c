/** The person's own means of signing in (`/api/v1/me/…`). */
import { makePasskey, type Question } from './passkey';
import { call } from './rest';

type Moment = string;

export interface Passkey {
  id: string;
  name: string;
  isSynced: boolean;
  createdAt: Moment;
  lastUsedAt: Moment | null;
}

export interface Security {
  hasPassword: boolean;
  hasTotp: boolean;
  passkeys: Passkey[];
  recoveryCodes: number;
  isDemanded: boolean;
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
  createdAt: Moment;
  seenAt: Moment;
  isThisOne: boolean;
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
  createdAt: Moment;
  expiresAt: Moment | null;
  lastUsedAt: Moment | null;
  lastUsedFrom: string;
}

export interface TokenOffer {
  kind: Token['kind'];
  label: string;
  scopes: Scope[];
  networks: string[];
  expiresAt: Moment | null;
}

interface Items<T> {
  items: T[];
}
interface Codes {
  recoveryCodes: string[];
}

export const readSecurity = (): Promise<Security> => call('GET', '/me/security');

export const changePassword = (current: string | null, next: string): Promise<void> => call('PUT', '/me/password', { current, new: next });

export const beginTotp = (): Promise<NewTotp> => call('POST', '/me/totp');

/** @returns new recovery codes, none where there were some already. */
export const confirmTotp = async (code: string): Promise<string[]> => (await call<Codes>('POST', '/me/totp/confirm', { code })).recoveryCodes;

export const removeTotp = (): Promise<void> => call('DELETE', '/me/totp');

export const renewCodes = async (): Promise<string[]> => (await call<Codes>('POST', '/me/recovery-codes')).recoveryCodes;

/** @returns new recovery codes, none where there were some already. */
export async function addPasskey(name: string): Promise<string[]> {
  const answer = await makePasskey(await call<Question>('POST', '/me/passkeys/options'));
  return (await call<Codes>('POST', '/me/passkeys', { name, ...answer })).recoveryCodes;
}

export const renamePasskey = (id: string, name: string): Promise<void> => call('PATCH', `/me/passkeys/${id}`, { name });

export const removePasskey = (id: string): Promise<void> => call('DELETE', `/me/passkeys/${id}`);

export const readSessions = async (): Promise<DeviceSession[]> => (await call<Items<DeviceSession>>('GET', '/me/sessions')).items;

export const endSession = (id: string): Promise<void> => call('DELETE', `/me/sessions/${id}`);

export const endOtherSessions = (): Promise<unknown> => call('DELETE', '/me/sessions');

export const readSignIns = (cursor: string | null): Promise<Items<SignInLine> & { next: string | null }> =>
  call('GET', `/me/sign-ins?limit=30${cursor === null ? '' : `&cursor=${cursor}`}`);

export const readTokens = async (): Promise<Token[]> => (await call<Items<Token>>('GET', '/me/tokens')).items;

export const issueToken = async (offer: TokenOffer): Promise<string> => (await call<{ secret: string }>('POST', '/me/tokens', offer)).secret;

export const withdrawToken = (id: string): Promise<void> => call('DELETE', `/me/tokens/${id}`);
