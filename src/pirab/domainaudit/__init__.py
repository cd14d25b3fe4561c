"""How a mail domain comes to an agency, stays in order, and leaves.

Owned here: claims on domains and their proof, the DNS records that a domain of ours should publish and what was last
seen of them, the signing keys of domains and their rotation, and the history of all that.

Always true: a domain takes mail only once somebody who controls its DNS has published the token of this very claim (or
an operator vouched for it); one domain is proven for one agency at a time; an answer that the DNS failed to give is
never taken for one that it gave; nothing but the DNS is asked, and only the configured resolver; a private key lies in
a file that Rspamd and this service alone may read, and never in the database or an answer.

Which clauses: rfc7208 (SPF), rfc6376 and rfc8463 (DKIM), rfc7489 (DMARC), rfc8461 (MTA-STS), rfc8460 (TLS-RPT),
rfc6186 and rfc8620#2.2 (service records), rfc1035#5 (zone files).

On failure: a resolver that does not answer leaves every state as it was; a signing map that could not be written is
written again by the next run of the clock.
"""
