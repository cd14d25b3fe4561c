import type { EmailAddress, EmailSummary, Id } from '../jmap';
import { isUnread } from './patch';

/** One line of the list: a conversation seen from the mailbox it is shown in. */
export interface Row {
  emailId: Id;
  threadId: Id;
  /** Newest message shown, whose subject and preview stand for the conversation. */
  email: EmailSummary;
  count: number;
  isUnread: boolean;
  isStarred: boolean;
  hasAttachment: boolean;
  hasDraft: boolean;
  people: EmailAddress[];
}

export function rowOf(email: EmailSummary, members: readonly EmailSummary[], showRecipients: boolean): Row {
  const all = members.length > 0 ? members : [email];
  return {
    emailId: email.id,
    threadId: email.threadId,
    email,
    count: all.filter((member) => member.keywords['$draft'] !== true).length,
    isUnread: all.some(isUnread),
    isStarred: all.some((member) => member.keywords['$flagged'] === true),
    hasAttachment: all.some((member) => member.hasAttachment),
    hasDraft: all.some((member) => member.keywords['$draft'] === true),
    people: showRecipients ? (email.to ?? []) : senders(all, email),
  };
}

/** Who wrote, in order of writing, each once; the newest message's sender is never left out. */
function senders(members: readonly EmailSummary[], newest: EmailSummary): EmailAddress[] {
  const byAddress = new Map<string, EmailAddress>();
  for (const member of members) {
    if (member.keywords['$draft'] === true && member !== newest) continue;
    for (const person of member.from ?? []) {
      const key = person.email.toLowerCase();
      if (!byAddress.has(key)) byAddress.set(key, person);
    }
  }
  return [...byAddress.values()];
}
