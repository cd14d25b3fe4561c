"""The JMAP door: RFC 8620 (core) and RFC 8621 (mail) spoken over HTTP.

Owned here: reading a request and refusing a bad one (`request`, `strict_json`), back-references
(`references`), running method calls in order (`dispatch`), the table of methods (`registry`), the standard
arguments (`arguments`), the one table from domain errors to protocol errors (`errors`), who is asking
(`authentication`, `throttle`), the session object, blobs in and out, and push (`eventsource`). A method lives
where the protocol says: `Mailbox/get` is `mailbox/get.py`.

Always true: a door calls actions and queries of the floors below, never models; absent and forbidden look the
same; every bad request gets the error the RFC names for it, and a defect of ours becomes `serverFail` for one
call without disturbing its neighbours; nothing of a request's content is logged.

On failure: a call that raises has changed nothing, for every action is one transaction; the calls before it
stand (rfc8620#3.3).
"""
