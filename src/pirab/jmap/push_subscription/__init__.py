"""PushSubscription (rfc8620#7.2): belongs to the credential a request came with, not to an account."""
