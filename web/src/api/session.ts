import { provePasskey, type PasskeyAnswer, type Question } from './passkey';
import { call } from './rest';

/** What may be shown after a password, and again before something dangerous. */
export type Way = 'passkey' | 'totp' | 'recovery_code' | 'password';

interface Outcome {
  ways?: Way[];
  secondFactor?: { isNeeded: boolean };
}

/** `ways`: the second factor that has to follow, none when the browser is signed in; `mustEnrol`: one has to be set up. */
export interface Entered {
  ways: readonly Way[];
  mustEnrol: boolean;
}

export async function enterWithPassword(login: string, password: string): Promise<Entered> {
  const { ways = [], secondFactor } = await call<Outcome>('POST', '/session', { login, password });
  return { ways, mustEnrol: secondFactor?.isNeeded ?? false };
}

/** Another identity provider, with its name in both languages. */
export interface Provider {
  slug: string;
  nameTh: string;
  nameEn: string;
}

/** The identity providers one may sign in through. */
export const readProviders = async (): Promise<Provider[]> => (await call<{ providers: Provider[] }>('GET', '/session/ways')).providers;

export const providerUrl = (provider: Provider): string => `/api/v1/session/providers/${provider.slug}/start`;

/** What a provider's page sent the browser back with: a reason why nobody is signed in, or the ways of the second step. */
export interface CameBack {
  reason: string | null;
  ways: readonly Way[];
}

/** Reads it off the address, once. */
export function readCameBack(): CameBack {
  const query = new URLSearchParams(location.search);
  const outcome = query.get('signin');
  if (outcome === null) return { reason: null, ways: [] };
  history.replaceState(null, '', location.pathname);
  if (outcome !== 'second') return { reason: outcome, ways: [] };
  const known: readonly Way[] = ['passkey', 'totp', 'recovery_code'];
  return { reason: null, ways: known.filter((way) => query.get('ways')?.split(',').includes(way)) };
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
