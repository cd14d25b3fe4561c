"""The doors towards Postfix: LMTP for incoming mail, socketmap for its questions, its password check.

Owned here: the LMTP grammar and state machine (`grammar`, `protocol`; RFC 2033 over RFC 5321), the processes
that serve it on a unix socket (`serve`, `connection`), and the second service, `lookups`, which answers
Postfix's questions about domains, recipients, transports, quota and sender logins (`socketmap`, `answers`)
and checks submission passwords in Dovecot's authentication protocol (`sasl`).

Always true: a positive reply is written only after the pipeline of `pirab.delivery` has made the message
durable; one reply a recipient (rfc2033#4.2); memory a connection holds is bounded by the message size limit;
only CRLF.CRLF ends a message, so nothing can be smuggled behind a bare line end; no text a client sends
becomes part of a map, a file name or an SQL text.

On failure: whatever cannot be answered now (database or scanner away, disk full, an unexpected error) is
answered "later" (4xx, TEMP), and Postfix keeps the message. A worker that dies takes only its own connections
along and is replaced.
"""
