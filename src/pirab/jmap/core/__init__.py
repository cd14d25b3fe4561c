"""Methods of `urn:ietf:params:jmap:core` (rfc8620#4): the ones that touch no account."""
