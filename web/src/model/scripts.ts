import { requireSet, upload, type Client, type GetResponse, type Id, type SetResponse, type SieveScript } from '../jmap';

/** A script as a form shows it; `id` is null for a new one. */
export interface ScriptDraft {
  id: Id | null;
  name: string;
  text: string;
  isActive: boolean;
}

/** @throws when the server cannot be reached. */
export async function listScripts(client: Client): Promise<SieveScript[]> {
  return (await client.call<GetResponse<SieveScript>>('SieveScript/get', { ids: null })).list;
}

/** @throws when the server cannot be reached. */
export async function readScript(client: Client, script: SieveScript): Promise<ScriptDraft> {
  const blob = await client.downloadFrom(client.downloadUrl(script.blobId, 'script.sieve', 'application/sieve'));
  return { id: script.id, name: script.name ?? '', text: await blob.text(), isActive: script.isActive };
}

/** Keeps a script and makes it run, or stop. @throws SetRefused with what is wrong with it */
export async function saveScript(client: Client, draft: ScriptDraft): Promise<void> {
  const { blobId } = await upload(client.uploadUrl(), new Blob([draft.text], { type: 'application/sieve' }), () => undefined).done;
  const object = { name: draft.name.trim() || null, blobId };
  requireSet(
    await client.call<SetResponse<SieveScript>>('SieveScript/set', {
      ...(draft.id === null ? { create: { script: object } } : { update: { [draft.id]: object } }),
      ...(draft.isActive ? { onSuccessActivateScript: draft.id ?? '#script' } : {}),
    }),
  );
  if (draft.isActive || draft.id === null) return;
  // Only what runs can be stopped: another script may run instead.
  const runs = (await listScripts(client)).some((script) => script.id === draft.id && script.isActive);
  if (runs) await client.call('SieveScript/set', { onSuccessDeactivateScript: true });
}

/** A script that runs is stopped first (rfc9661#2.4). @throws SetRefused */
export async function deleteScript(client: Client, script: SieveScript): Promise<void> {
  if (script.isActive) await client.call('SieveScript/set', { onSuccessDeactivateScript: true });
  requireSet(await client.call<SetResponse<SieveScript>>('SieveScript/set', { destroy: [script.id] }));
}
