import { provePasskey, type PasskeyAnswer, type Question } from './passkey';
import { call } from './rest';

/** What may be shown after a password, and again before something dangerous. */
export type Way = 'passkey' | 'totp' | 'recovery_code' | 'password';

interface Waiting {
  needs?: 'second_factor';
  ways?: Way[];
}

/** @returns the ways of the second factor that has to follow; none when the browser is signed in. */
export async function enterWithPassword(login: string, password: string): Promise<readonly Way[]> {
  return (await call<Waiting>('POST', '/session', { login, password })).ways ?? [];
}

/** With a passkey alone: asked for by a button, or waiting in the list of a text field. */
export async function enterWithPasskey(mediation?: CredentialMediationRequirement, signal?: AbortSignal): Promise<void> {
  const question = await call<Question>('POST', '/session/passkey/options');
  await call('POST', '/session/passkey', await provePasskey(question, mediation, signal));
}

/** The second step of signing in. @throws SessionExpired when it is wrong. */
export const showSecond = (way: Way, secret: string): Promise<unknown> => show('/session/second-factor', way, secret);

/** Who is signed in proves it once more. @throws SessionExpired when it is wrong. */
export const confirmPresence = (way: Way, secret: string): Promise<unknown> => show('/session/confirm', way, secret);

async function show(path: string, way: Way, secret: string): Promise<unknown> {
  if (way !== 'passkey') return call('POST', path, { way, secret });
  const passkey: PasskeyAnswer = await provePasskey(await call<Question>('POST', `${path}/options`));
  return call('POST', path, { way, passkey });
}
