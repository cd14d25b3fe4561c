import { LABELS, requireSet, SetRefused, type Client, type GetResponse, type Id, type LabelColor, type Mailbox, type SetResponse } from '../jmap';
import type { Mailboxes } from './mailboxes.svelte';

/** What a person decides about a folder of their own. */
export interface FolderDraft {
  name: string;
  color: LabelColor | null;
}

/** Why a folder could not be saved; the texts are the ui's. */
export type FolderProblem = 'missing' | 'taken' | 'refused';

/**
 * Makes a folder, or changes the one with `id`. Resolves to the problem with the name, if there is one.
 * @throws when the server cannot be reached or refuses for another reason.
 */
export async function saveFolder(client: Client, mailboxes: Mailboxes, id: Id | null, draft: FolderDraft): Promise<FolderProblem | null> {
  const name = draft.name.trim();
  if (!name) return 'missing';
  const values = client.speaks(LABELS) ? { name, 'pirab:color': draft.color } : { name };
  const key = id ?? '#folder';
  const batch = client.batch();
  const set = batch.add<SetResponse<Mailbox>>('Mailbox/set', id ? { update: { [id]: values } } : { create: { folder: values } });
  const get = batch.add<GetResponse<Mailbox>>('Mailbox/get', { ids: [key] });
  await client.send(batch);
  try {
    requireSet(set.result());
  } catch (error) {
    const problem = problemOf(error);
    if (problem) return problem;
    throw error;
  }
  mailboxes.merge(get.result().list);
  return null;
}

function problemOf(error: unknown): FolderProblem | null {
  if (!(error instanceof SetRefused)) return null;
  if (error.type === 'alreadyExists') return 'taken';
  return error.type === 'invalidProperties' ? 'refused' : null;
}
