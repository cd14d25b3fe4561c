/**
 * The typed JMAP client (rfc8620, rfc8621): what travels between the page and the server, and nothing about screens.
 *
 * Every request goes to the page's own origin with the session cookie and the header that marks it as ours. Errors are
 * the classes of `errors.ts`; nothing here retries by itself except `Push`, which must.
 */
export * from './types';
export * from './errors';
export { Batch, type Call, type Invocation } from './batch';
export { Client, expandTemplate, ownOrigin, requireSet } from './client';
export { Push, type PushStatus } from './push';
export { signOut, whoAmI, type Person } from './signin';
export * from './transfers';
export { upload, type Upload } from './upload';
