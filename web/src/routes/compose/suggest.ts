import type { EmailAddress } from '../../jmap';
import { uniqueAddresses, type Mail } from '../../model';

const MOST = 6;

/** People of messages already seen whose name or address has the typed words. The directory comes with its own door. */
export function suggest(mail: Mail, typed: string, chosen: readonly EmailAddress[]): EmailAddress[] {
  const needle = typed.trim().toLocaleLowerCase('th');
  if (needle.length < 1) return [];
  const found: EmailAddress[] = [];
  for (const email of mail.emails.summaries.values()) {
    for (const person of [...(email.from ?? []), ...(email.to ?? [])]) {
      if (`${person.name ?? ''} ${person.email}`.toLocaleLowerCase('th').includes(needle)) found.push(person);
    }
  }
  // Named entries first, so that an address known with a name is offered with it.
  found.sort((a, b) => Number(b.name !== null) - Number(a.name !== null));
  return uniqueAddresses(found, chosen).slice(0, MOST);
}
