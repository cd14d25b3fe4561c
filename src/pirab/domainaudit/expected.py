"""The records that a domain of ours should publish: what the wizard shows, the audit asks for and the zone file has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from pirab.domainaudit.types import Algorithm, DomainInfo, KeyInfo, KeyState, PolicyMode, Record, RecordKind

PROOF_LABEL: Final = "_pirab"
PROOF_PREFIX: Final = "pirab-domain-verification="
POLICY_SECONDS: Final = 7 * 86_400
"""How long others may keep the MTA-STS policy (rfc8461#3.2)."""


class House(msgspec.Struct, frozen=True):
    """Where this installation is reached: `mail_host` takes and sends mail, `web_host` serves pages and policies.

    Ports are those of the outside; `submission_port` wants STARTTLS.
    """

    mail_host: str
    web_host: str
    web_port: int
    submission_port: int


def records(domain: DomainInfo, keys: Sequence[KeyInfo], house: House) -> list[Record]:
    """Everything to publish, in the order to do it. Before the proof, only the proof."""
    if domain.proven_at is None:
        return [proof(domain)]
    found = [] if domain.is_vouched else [proof(domain)]
    return [*found, *_mail(domain, house), *_signing(domain, keys), *_policies(domain, house)]


def proof(domain: DomainInfo) -> Record:
    """The TXT record that proves the ownership."""
    name = f"{PROOF_LABEL}.{domain.name}"
    return _text("ownership", RecordKind.OWNERSHIP, name, PROOF_PREFIX + domain.token)


def policy(mode: PolicyMode, house: House) -> str:
    """The MTA-STS policy of every domain of ours in this mode (rfc8461#3.2)."""
    lines = ("version: STSv1", f"mode: {mode}", f"mx: {house.mail_host}", f"max_age: {POLICY_SECONDS}")
    return "".join(f"{line}\r\n" for line in lines)


def policy_id(mode: PolicyMode, house: House) -> str:
    """Changes with the policy (rfc8461#3.1)."""
    return hashlib.sha256(policy(mode, house).encode()).hexdigest()[:20]


def key_text(key: KeyInfo) -> str:
    """The TXT record of a signing key (rfc6376#3.6.1); a revoked one has no key in it."""
    public = "" if key.state is KeyState.REVOKED else key.public
    return f"v=DKIM1; k={key.algorithm}; p={public}"


def _mail(domain: DomainInfo, house: House) -> Iterable[Record]:
    name = domain.name
    yield Record("mx", RecordKind.MX, name, "MX", f"10 {house.mail_host}.", is_required=True)
    yield _text("spf", RecordKind.SPF, name, "v=spf1 mx -all")


def _signing(domain: DomainInfo, keys: Sequence[KeyInfo]) -> Iterable[Record]:
    for key in keys:
        name = f"{key.selector}._domainkey.{domain.name}"
        # Half of the world cannot verify Ed25519 yet: mail is fine without that record, but not without the other.
        needed = key.algorithm is Algorithm.RSA and key.state in (KeyState.SIGNING, KeyState.RETIRED)
        yield Record(f"dkim:{key.selector}", RecordKind.DKIM, name, "TXT", key_text(key), is_required=needed)


def _policies(domain: DomainInfo, house: House) -> Iterable[Record]:
    name, web = domain.name, f"{house.web_host}."
    reports = f"mailto:postmaster@{name}"
    yield _text("dmarc", RecordKind.DMARC, f"_dmarc.{name}", f"v=DMARC1; p=quarantine; rua={reports}")
    yield _text(
        "mta_sts",
        RecordKind.MTA_STS,
        f"_mta-sts.{name}",
        f"v=STSv1; id={policy_id(domain.mta_sts, house)};",
    )
    yield Record("mta_sts_host", RecordKind.MTA_STS_HOST, f"mta-sts.{name}", "CNAME", web, is_required=True)
    yield _text("tls_rpt", RecordKind.TLS_RPT, f"_smtp._tls.{name}", f"v=TLSRPTv1; rua={reports}")
    yield Record("autoconfig", RecordKind.AUTOCONFIG, f"autoconfig.{name}", "CNAME", web, is_required=False)
    services = (
        ("_submission._tcp", f"0 1 {house.submission_port} {house.mail_host}."),  # rfc6186#3.1
        ("_jmap._tcp", f"0 1 {house.web_port} {web}"),  # rfc8620#2.2
        ("_pop3s._tcp", "0 0 0 ."),  # rfc6186#3.4: decidedly not offered
    )
    for label, value in services:
        yield Record(f"srv:{label}", RecordKind.SERVICE, f"{label}.{name}", "SRV", value, is_required=False)


def _text(key: str, kind: RecordKind, name: str, value: str) -> Record:
    return Record(key, kind, name, "TXT", value, is_required=True)
