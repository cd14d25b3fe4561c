"""What every floor above stands on: identifiers, time, errors, prepared SQL, jobs, metrics, logs, keys.

Owned here: the textual form of identifiers (`ids`), the only clock (`clock`), the root of the error tree
(`errors`), prepared SQL on Django's connection (`db`), the way to defer a job (`jobs`), the process-wide
metrics registry (`metrics`), structured logs that cannot carry secrets or mail content (`log`) and the
key-encryption keys (`keyring`).

Always true: nothing here knows a domain noun (no mailbox, no message, no person); nothing here opens a
connection or a file at import time; a key file, once written, is never overwritten.

On failure: every error raised on purpose is a `PirabError`; one that goes away by itself is a
`TemporaryError`, and doors answer "later" (4xx, 503) to it.
"""
