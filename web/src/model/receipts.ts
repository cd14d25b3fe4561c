import { MDN, type Client, type EmailDetail, type Id, type Identity, type SetError, SetRefused } from '../jmap';
import { sameAddress } from './addresses';

export const RECEIPT_HEADER = 'header:Disposition-Notification-To:asAddresses';

/** Whether the sender waits to be told that the message was read (rfc8098#2.1): others', asked for, not answered yet. */
export function asksForReceipt(client: Client, email: EmailDetail, identities: readonly Identity[]): boolean {
  if (!client.speaks(MDN) || !client.mayWrite || email.keywords['$mdnsent'] === true || email.keywords['$draft'] === true) return false;
  const isMine = (email.from ?? []).some((from) => identities.some((identity) => sameAddress(from, { name: null, email: identity.email })));
  return !isMine && (email[RECEIPT_HEADER]?.length ?? 0) > 0;
}

/** Tells the sender (rfc9007#2.1): by hand, because a person pressed the button. @throws SetRefused */
export async function sendReceipt(client: Client, emailId: Id, identityId: Id): Promise<void> {
  const disposition = { actionMode: 'manual-action', sendingMode: 'mdn-sent-manually', type: 'displayed' };
  const answer = await client.call<{ notSent: Record<string, SetError> | null }>('MDN/send', {
    identityId,
    send: { receipt: { forEmailId: emailId, disposition } },
    onSuccessUpdateEmail: { '#receipt': { 'keywords/$mdnsent': true } },
  });
  const refused = answer.notSent?.['receipt'];
  if (refused) throw new SetRefused(refused.type, refused.description ?? '');
}
