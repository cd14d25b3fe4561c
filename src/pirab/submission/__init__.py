"""Mail on its way out: identities, submissions, and the state of every recipient until its end is known.

Owned here: who somebody may write as (Identity, rfc8621#6), what was handed in for sending (EmailSubmission,
rfc8621#7), the outbound pipeline (scan, sign, deliver inside, hand over to Postfix) and what became of each recipient,
learnt from our own deliveries and from delivery status notifications (rfc3464).

Always true:
- a submission, its recipients and the job that sends it are written in one transaction: none exists without the others;
- the row is the truth and the job only a reminder: a lost, repeated or killed job changes nothing but the hour;
- until `undo_status` leaves `pending` nothing has been delivered to anybody, and canceling then stops everything;
- the bytes that leave are made once, are durable before the first delivery, and are the same for every recipient; so a
  second run stores no second copy in an account (store: once per account and content);
- nothing leaves, not even to the next desk, without a verdict of the scanners; while they are away, mail waits;
- Bcc never leaves (rfc5322#3.6.3); the sender's own copy keeps it;
- the envelope id on the way out carries a secret, so that only who received it from us can report on the mail.

On failure: a step commits what it knows recipient by recipient before the next one starts. A worker that dies is
replaced by the next run of the same job, which begins at the first recipient without a result. What cannot be
delivered comes back to the sender's inbox as a readable report and marks the sent mail with `$pirab_failed`.
The one thing that may happen twice is the hand-over to Postfix of a batch whose answer was lost with the worker.
"""
