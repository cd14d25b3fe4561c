/** Between the API's JSON and the browser's WebAuthn: octets travel as base64url (webauthn#sctn-parseCreationOptionsFromJSON). */

/** A question of the server; `options` in the standard's JSON form. */
export interface Question {
  state: string;
  options: Record<string, unknown>;
}

export interface PasskeyAnswer {
  state: string;
  credential: Record<string, unknown>;
}

export type PasskeyProblem = 'cancelled' | 'known' | 'impossible';

/** Why the browser made or found no passkey. */
export class PasskeyFailed extends Error {
  override readonly name = 'PasskeyFailed';
  constructor(readonly problem: PasskeyProblem) {
    super(problem);
  }
}

export const hasPasskeys = (): boolean => typeof globalThis.PublicKeyCredential === 'function';

/** Whether the browser can offer passkeys in the list of a text field. */
export async function offersInField(): Promise<boolean> {
  return hasPasskeys() && ((await globalThis.PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false);
}

/** @throws PasskeyFailed */
export async function provePasskey(question: Question, mediation?: CredentialMediationRequirement, signal?: AbortSignal): Promise<PasskeyAnswer> {
  const publicKey = { ...question.options, challenge: octets(question.options['challenge']), ...described(question.options, 'allowCredentials') };
  const found = await guarded(() => navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions, ...(mediation ? { mediation } : {}), ...(signal ? { signal } : {}) }));
  const answer = found.response as AuthenticatorAssertionResponse;
  const response = {
    clientDataJSON: text(answer.clientDataJSON),
    authenticatorData: text(answer.authenticatorData),
    signature: text(answer.signature),
    ...(answer.userHandle ? { userHandle: text(answer.userHandle) } : {}),
  };
  return { state: question.state, credential: { ...named(found), response } };
}

/** @throws PasskeyFailed */
export async function makePasskey(question: Question): Promise<PasskeyAnswer> {
  const user = question.options['user'] as Record<string, unknown>;
  const publicKey = {
    ...question.options,
    challenge: octets(question.options['challenge']),
    user: { ...user, id: octets(user['id']) },
    ...described(question.options, 'excludeCredentials'),
  };
  const made = await guarded(() => navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions }));
  const answer = made.response as AuthenticatorAttestationResponse;
  const response = { clientDataJSON: text(answer.clientDataJSON), attestationObject: text(answer.attestationObject) };
  return { state: question.state, credential: { ...named(made), response } };
}

async function guarded(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const found = await ask();
    if (found === null) throw new PasskeyFailed('cancelled');
    return found as PublicKeyCredential;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (error.name === 'InvalidStateError') throw new PasskeyFailed('known');
    throw new PasskeyFailed(error.name === 'NotAllowedError' || error.name === 'AbortError' ? 'cancelled' : 'impossible');
  }
}

function named(credential: PublicKeyCredential): Record<string, unknown> {
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: {} };
}

function described(options: Record<string, unknown>, name: string): Record<string, unknown> {
  const list = options[name];
  return Array.isArray(list) ? { [name]: list.map((each: Record<string, unknown>) => ({ ...each, id: octets(each['id']) })) } : {};
}

export function octets(encoded: unknown): ArrayBuffer {
  const plain = atob(String(encoded).replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

export function text(buffer: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(buffer), (octet) => String.fromCharCode(octet)).join('');
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
