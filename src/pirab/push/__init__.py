"""PushSubscription (rfc8620#7.2): telling a person's devices, by HTTPS, that something of theirs has changed.

Owned here: who asked to be told what at which address, for how long and under which credential; the verification
of an address; the encryption (rfc8291); the messages that go out, tried again and given up.

Always true: nothing is sent to a host the operators have not allowed, nor into a network they have not allowed,
whatever the name of the host resolves to; a message says that something has changed, never what; one that is owed is
owed until it has been taken or the subscription is gone; changes that come while it waits are merged into it.
A subscription ends with the credential it was made with, after at most a week unless the client renews it, when the
receiver says that it is gone, and when the receiver has not answered for most of a day.

On failure: a worker killed in the middle sends the same message twice at most, which the protocol allows.
"""
