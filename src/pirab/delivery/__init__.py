"""The inbound path: from a message that Postfix hands over to an email in each recipient's account.

Owned here: the pipeline (`pipeline`, a list of small steps that each return a decision), its entrance
(`actions.receive`), the hook by which delivery reports reach who sent the mail (`hooks`), and
`delivery_arrival`, the memory of what came in lately.

Always true: bytes are durable before the row, the row before the reply; one reply a recipient, each true by
itself (rfc2033#4.2); nothing reaches a mailbox without a verdict; the sender's octets are stored as they
came, behind the trace fields (rfc5321#4.4). The same message handed over again, after a lost reply of ours or
of Postfix, is answered 250 and stored once: see `arrival`.

On failure: every step that cannot finish now answers "later" (451, 452), and Postfix keeps the message.
Nothing is dropped and nothing half-done stays, for all rows of a message are written in one transaction.
"""
