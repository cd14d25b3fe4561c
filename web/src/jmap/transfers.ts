import type { Client } from './client';
import type { Id, UTCDate } from './types';

/** A file of the account's mail in the making; `done` of about `total` letters are in it. */
export interface MailExport {
  id: Id;
  format: 'zip' | 'mbox';
  state: 'planning' | 'ready';
  done: number;
  total: number | null;
  /** Octets of the file once it is ready. */
  size: number | null;
  created: UTCDate;
  expires: UTCDate;
}

/** A file that is brought along: `received` of `size` octets are there, `progress` (0 to 1) is the work done on it. */
export interface MailImport {
  id: Id;
  format: ImportFormat;
  state: 'receiving' | 'running' | 'done' | 'failed';
  name: string;
  size: number | null;
  received: number;
  progress: number | null;
  imported: number;
  duplicates: number;
  problems: number;
  created: UTCDate;
  expires: UTCDate;
}

export type ImportFormat = 'zip' | 'mbox' | 'eml';

/** A file or letter that was passed over, and why in both languages. */
export interface ImportProblem {
  name: string;
  code: string;
  th: string;
  en: string;
}

/** Octets of one part of a file. Small enough to be sent again without grief, large enough for few of them. */
export const PART_SIZE = 8_000_000;

export const listExports = (client: Client): Promise<MailExport[]> => client.resource('GET', 'exports');

/** @param mailboxIds null for all mail. */
export function beginExport(client: Client, format: MailExport['format'], mailboxIds: readonly Id[] | null): Promise<MailExport> {
  return client.resource('POST', 'exports', { format, mailboxIds });
}

export const deleteExport = (client: Client, id: Id): Promise<void> => client.resource('DELETE', `exports/${id}`);

export const exportUrl = (client: Client, id: Id): string => client.resourceUrl(`exports/${id}/content`);

export const listImports = (client: Client): Promise<MailImport[]> => client.resource('GET', 'imports');

export const readImport = (client: Client, id: Id): Promise<MailImport> => client.resource('GET', `imports/${id}`);

export function beginImport(client: Client, format: ImportFormat, name: string, size: number): Promise<MailImport> {
  return client.resource('POST', 'imports', { format, name, size });
}

/** Sends octets that begin at `start`; a part may be sent again. */
export function sendPart(client: Client, id: Id, start: number, part: Blob, signal: AbortSignal): Promise<MailImport> {
  return client.resource('PUT', `imports/${id}/content?start=${start}`, part, signal);
}

export const startImport = (client: Client, id: Id): Promise<MailImport> => client.resource('POST', `imports/${id}/start`);

export const importProblems = (client: Client, id: Id): Promise<ImportProblem[]> => client.resource('GET', `imports/${id}/problems`);

export const deleteImport = (client: Client, id: Id): Promise<void> => client.resource('DELETE', `imports/${id}`);
