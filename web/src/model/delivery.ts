import type { DeliveryStatus, EmailSubmission } from '../jmap';

export type DeliveryState = 'waiting' | 'sending' | 'sent' | 'late' | 'failed';

export interface RecipientDelivery {
  address: string;
  state: DeliveryState;
  /** The remote server's own words; empty when it has not said anything. */
  reply: string;
  /** Whether they had us told that they opened the letter: their word for it. */
  isDisplayed: boolean;
}

export interface Delivery {
  /** The worst of the recipients' states, which the person must know first. */
  state: DeliveryState;
  recipients: RecipientDelivery[];
}

const BAD_FIRST: readonly DeliveryState[] = ['failed', 'late', 'waiting', 'sending', 'sent'];

/** rfc8621#7: `delivered` and the last reply of each recipient, as one state people know. */
export function deliveryOf(submission: EmailSubmission): Delivery {
  const recipients = Object.entries(submission.deliveryStatus ?? {}).map(([address, status]) => ({
    address,
    state: recipientState(submission, status),
    reply: status.smtpReply,
    isDisplayed: status.displayed === 'yes',
  }));
  const fallback: DeliveryState = submission.undoStatus === 'pending' ? 'waiting' : 'sending';
  const state = BAD_FIRST.find((candidate) => recipients.some((recipient) => recipient.state === candidate)) ?? fallback;
  return { state, recipients };
}

function recipientState(submission: EmailSubmission, status: DeliveryStatus): DeliveryState {
  if (status.delivered === 'no') return 'failed';
  if (status.delivered === 'yes') return 'sent';
  if (submission.undoStatus === 'pending') return 'waiting';
  // A temporary refusal (4yz) while queued is what people call late.
  if (/^4\d\d/.test(status.smtpReply)) return 'late';
  // Handed over to a server that reports no more (rfc8621#7 "unknown").
  return status.delivered === 'unknown' ? 'sent' : 'sending';
}
