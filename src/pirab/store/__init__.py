"""The mail of every account: mailboxes, threads, letters, their state, their history and how to find them.

Owned here: `message` (one row a distinct content, parsed once), `email` (one narrow row a person and message), mailbox
membership, the change log with its counters, uploads, and the search index.

Always true:
- the bytes of a message are durable in `pirab.blob` before any row mentions them;
- an account holds a message at most once (unique account and message), so handing it in again is harmless;
- read, starred, labels and folders belong to the email row, never to the shared message;
- every mutation takes the account's row lock first, gives each changed object its own modseq and writes the change
  log, the counters and the notification in the same transaction; JMAP state, push and IMAP CONDSTORE read that one log;
- the counters equal what counting would give (`verify_counters` proves it);
- every query on a table that grows with mail carries the account id, which is also the partition key.

On failure nothing half-done stays: one action is one transaction. Protocols: RFC 8620 §5, RFC 8621 §2–4.
"""
