"""What the care of domains tells the doors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class State(StrEnum):
    """How far a domain is."""

    CLAIMED = "claimed"
    """Somebody says it is theirs."""
    PROVEN = "proven"
    """They control its DNS."""
    RECEIVING = "receiving"
    """Mail for it is taken."""
    COMPLETE = "complete"
    """And every record it needs was seen as it should be."""


class Oddity(StrEnum):
    """What is odd about a name, but not refused."""

    NOT_GOVERNMENTAL = "not_governmental"
    """Not under a suffix that only public bodies are given."""
    THAI_SCRIPT = "thai_script"
    """Servers without SMTPUTF8 write to it by its A-label alone."""
    BELOW_ANOTHER = "below_another"
    """Lies below the domain of another agency."""


class Name(msgspec.Struct, frozen=True):
    """A domain name that may be claimed: the A-label as it is kept, the U-label as it is shown."""

    ascii: str
    shown: str
    oddities: tuple[Oddity, ...] = ()


class AnswerStatus(StrEnum):
    """What came of a question to the DNS."""

    FOUND = "found"
    ABSENT = "absent"
    """There is no such name, or no such record at it: an answer."""
    FAILED = "failed"
    """No answer: it says nothing about what is published."""


class Answer(msgspec.Struct, frozen=True):
    """`values` in presentation form, TXT strings put together; `detail` says why it failed."""

    status: AnswerStatus
    values: tuple[str, ...] = ()
    detail: str = ""


class RecordKind(StrEnum):
    """What a record is for."""

    OWNERSHIP = "ownership"
    MX = "mx"
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    MTA_STS = "mta_sts"
    MTA_STS_HOST = "mta_sts_host"
    TLS_RPT = "tls_rpt"
    AUTOCONFIG = "autoconfig"
    SERVICE = "service"


class RecordState(StrEnum):
    """How a record was last seen."""

    UNCHECKED = "unchecked"
    FOUND = "found"
    MISSING = "missing"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """The DNS did not answer."""


class Record(msgspec.Struct, frozen=True):
    """A record to publish. `value` is in presentation form, a TXT without its quotes; `key` names it in the domain."""

    key: str
    kind: RecordKind
    name: str
    type: str
    value: str
    is_required: bool


class Verdict(msgspec.Struct, frozen=True):
    """What a look at a record showed. `reason` is a word for what is wrong (`advice` has sentences for it)."""

    state: RecordState
    reason: str = ""
    seen: tuple[str, ...] = ()


class Seen(msgspec.Struct, frozen=True):
    """A record with the last look at it; times are None while nobody looked."""

    record: Record
    verdict: Verdict
    since: datetime | None
    checked_at: datetime | None


class Algorithm(StrEnum):
    """Of a signing key, as `k=` spells it (rfc6376#3.6.1, rfc8463#3)."""

    RSA = "rsa"
    ED25519 = "ed25519"


class KeyState(StrEnum):
    """Where a signing key is in its life."""

    WAITING = "waiting"
    """Made; to be published, and not used before it was seen in the DNS."""
    SIGNING = "signing"
    RETIRED = "retired"
    """Signs no more; letters on their way still need it."""
    REVOKED = "revoked"
    """Published without a key (`p=`): signatures with it are void (rfc6376#3.6.1)."""


class KeyInfo(msgspec.Struct, frozen=True):
    """A signing key; `public` is base64 as `p=` has it. Keys of one `generation` are made and switched together."""

    selector: str
    generation: int
    algorithm: Algorithm
    public: str
    state: KeyState
    created_at: datetime
    seen_at: datetime | None
    signing_at: datetime | None
    retired_at: datetime | None
    revoked_at: datetime | None


class PolicyMode(StrEnum):
    """What MTA-STS asks of senders whose connection is not safe (rfc8461#5)."""

    TESTING = "testing"
    ENFORCE = "enforce"


class DomainInfo(msgspec.Struct, frozen=True):
    """A domain an agency claims or has. `proof_missing_since`: its TXT record was not there any more."""

    id: int
    agency_id: int
    name: str
    token: str
    is_vouched: bool
    state: State
    mta_sts: PolicyMode
    alias_of: str | None
    claimed_at: datetime
    proven_at: datetime | None
    proof_missing_since: datetime | None
    checked_at: datetime | None


class Change(msgspec.Struct, frozen=True):
    """A line of a domain's history: `key` is that of a record, `state`, or `key:` and a selector."""

    id: int
    key: str
    before: str
    after: str
    detail: str
    at: datetime
