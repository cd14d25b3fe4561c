import { expect, test } from 'vitest';
import type { DeliveryStatus, EmailSubmission } from '../../src/jmap';
import { deliveryOf } from '../../src/model/delivery';

const submission = (deliveryStatus: Record<string, DeliveryStatus> | null, undoStatus: EmailSubmission['undoStatus'] = 'final'): EmailSubmission => ({
  id: 's1', identityId: 'i1', emailId: 'e1', threadId: 't1', sendAt: '2026-11-24T00:00:00Z', undoStatus, deliveryStatus,
});
const status = (delivered: DeliveryStatus['delivered'], smtpReply = ''): DeliveryStatus => ({ delivered, smtpReply, displayed: 'unknown' });

test.each([
  [{ a: status('yes', '250 ok') }, 'final', 'sent'],
  [{ a: status('unknown', '250 relayed') }, 'final', 'sent'],
  [{ a: status('queued') }, 'final', 'sending'],
  [{ a: status('queued') }, 'pending', 'waiting'],
  [{ a: status('queued', '451 4.4.1 no answer') }, 'final', 'late'],
  [{ a: status('yes'), b: status('no', '550 5.1.1 unknown') }, 'final', 'failed'],
  [{ a: status('yes'), b: status('queued', '421 busy') }, 'final', 'late'],
  [null, 'pending', 'waiting'],
  [null, 'final', 'sending'],
] as const)('%j, %s, is %s', (statuses, undoStatus, expected) => {
  expect(deliveryOf(submission(statuses, undoStatus)).state).toBe(expected);
});

test('the remote’s own words are kept for each recipient', () => {
  const { recipients } = deliveryOf(submission({ 'x@y.test': status('no', '550 5.1.1 ไม่พบผู้รับ') }));
  expect(recipients).toEqual([{ address: 'x@y.test', state: 'failed', reply: '550 5.1.1 ไม่พบผู้รับ', isDisplayed: false }]);
});

test('who says that the letter was opened is shown so', () => {
  const { recipients } = deliveryOf(submission({ 'x@y.test': { ...status('unknown'), displayed: 'yes' }, 'z@y.test': status('yes') }));
  expect(recipients.map((recipient) => recipient.isDisplayed)).toEqual([true, false]);
});
