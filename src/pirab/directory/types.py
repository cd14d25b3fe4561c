"""What the directory tells the floors above."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Final

import msgspec


class AccountKind(StrEnum):
    """Whose mail it is."""

    PERSONAL = "personal"
    SHARED = "shared"


class AgencyKind(StrEnum):
    """What sort of body an agency is."""

    MINISTRY = "ministry"
    DEPARTMENT = "department"
    DIVISION = "division"
    SECTION = "section"
    PROVINCE = "province"
    LOCAL_AUTHORITY = "local_authority"
    STATE_ENTERPRISE = "state_enterprise"
    OTHER = "other"


class DutyKind(StrEnum):
    """Offices of administration."""

    ADMINISTRATOR = "administrator"
    """Runs an agency: people, addresses, groups, domains, limits handed down."""
    OPERATOR = "operator"
    """Runs the service: every agency, but nobody's mail."""
    SECURITY_OFFICER = "security_officer"


class AdminRight(Enum):
    """What somebody wants to do with an agency."""

    SEE = "see"
    MANAGE = "manage"
    """People, accounts, addresses, groups, posts, units below."""
    GOVERN = "govern"
    """The limits of the agency itself, its own place in the tree, its administrators: said from above it."""


class HoldingKind(StrEnum):
    """How somebody holds a post."""

    SUBSTANTIVE = "substantive"
    ACTING = "acting"


class GroupKind(StrEnum):
    """Whom a group's address stands for."""

    PEOPLE = "people"
    POST = "post"
    UNIT = "unit"


class PostingPolicy(StrEnum):
    """Whose letters a group takes."""

    OPEN = "open"
    """Everybody's, also from outside."""
    MEMBERS = "members"
    """Its members' (closed)."""
    ANNOUNCEMENT = "announcement"
    """Its managers' alone."""
    MODERATED = "moderated"
    """Everybody's, once a manager has let it through."""


class Sending(StrEnum):
    """How a member may write in the name of an account."""

    AS = "as"
    ON_BEHALF = "on_behalf"
    NONE = "none"


class Scope(StrEnum):
    """What a credential may be used for; a token is given some of them, a person's own session has them all."""

    MAIL_READ = "mail.read"
    MAIL = "mail"
    """Read and change mail and everything else in an account, but send nothing."""
    SUBMIT = "submit"
    DIRECTORY = "directory"
    ADMIN = "admin"
    """Acts of administration; a session has it only after a second factor."""


ALL_SCOPES: frozenset[Scope] = frozenset(Scope)


class Right(Enum):
    """What somebody wants to do with an account."""

    READ = "read"
    WRITE = "write"
    SUBMIT = "submit"
    MARK = "mark"
    """Set what is one's own: read, starred, subscribed."""


SCOPE_RIGHTS: dict[Scope, frozenset[Right]] = {
    Scope.MAIL_READ: frozenset({Right.READ}),
    Scope.MAIL: frozenset({Right.READ, Right.WRITE, Right.MARK}),
    Scope.SUBMIT: frozenset({Right.SUBMIT}),
    Scope.DIRECTORY: frozenset(),
    Scope.ADMIN: frozenset(),
}
"""The rights on accounts that each scope lets through."""


class Role(StrEnum):
    """What a person may do with an account that is not (only) theirs."""

    OWNER = "owner"
    MEMBER = "member"
    READER = "reader"


ROLE_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MEMBER: frozenset(Right),
    Role.READER: frozenset({Right.READ}),
}

SHARED_ROLE_RIGHTS: dict[Role, frozenset[Right]] = ROLE_RIGHTS | {
    Role.READER: frozenset({Right.READ, Right.MARK})
}
"""In a shared account everybody has read marks and stars of their own, so that a reader may set theirs."""


class Principal(msgspec.Struct, frozen=True):
    """The signed-in person, as every door and policy check sees them.

    `roles` maps account id to role; `shared` are those of the accounts that belong to an office (`AccountKind.SHARED`);
    `scopes` are what their credential lets through (sign-in narrows them).
    """

    person_id: int
    email: str
    name: str
    roles: dict[int, Role]
    primary_account_id: int | None
    scopes: frozenset[Scope] = ALL_SCOPES
    shared: frozenset[int] = frozenset()

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts this person may at least read."""
        return frozenset(self.roles)


class AccountInfo(msgspec.Struct, frozen=True):
    """An account for display. `quota_bytes` is in octets, None when it has none of its own; `name` is what people call
    it."""

    id: int
    name: str
    email: str
    kind: AccountKind
    quota_bytes: int | None

    @property
    def is_personal(self) -> bool:
        return self.kind is AccountKind.PERSONAL


class Recipient(msgspec.Struct, frozen=True):
    """Where mail for one of our addresses goes. An inactive one exists but takes no mail for the moment."""

    account_id: int
    address: str
    is_active: bool


class SenderAddress(msgspec.Struct, frozen=True):
    """An address that may stand in From, with the name shown beside it."""

    address: str
    display_name: str


class AgencyFacts(msgspec.Struct, frozen=True):
    """What may be said of an agency. `position` orders it among its sisters, lowest first."""

    name_th: str
    name_en: str = ""
    kind: AgencyKind = AgencyKind.OTHER
    abbreviation: str = ""
    abbreviation_en: str = ""
    document_code: str = ""
    position: int = 0


class Limits(msgspec.Struct, frozen=True):
    """How much an agency and all below it may have together; None: only what those above it say. Storage in octets is
    the sum of what its accounts are promised."""

    most_people: int | None = None
    most_storage_bytes: int | None = None
    most_domains: int | None = None


class AgencyInfo(msgspec.Struct, frozen=True):
    """An agency with its place: `ancestry` leads from the root to itself."""

    id: int
    parent_id: int | None
    ancestry: tuple[int, ...]
    facts: AgencyFacts
    limits: Limits
    quota_bytes: int | None
    is_active: bool
    version: int


class DutyInfo(msgspec.Struct, frozen=True):
    """One office of administration. `agency_id` None: the whole service."""

    id: int
    person_id: int
    login: str
    name_th: str
    agency_id: int | None
    kind: DutyKind
    appointed_at: datetime
    expires_at: datetime | None


OFFICIAL_FIELDS: Final = (
    "title",
    "rank",
    "given_th",
    "family_th",
    "given_en",
    "family_en",
    "office_phone",
    "extension",
)
"""What the agency says about a person."""
PERSONAL_FIELDS: Final = ("mobile", "expertise", "about")
"""What people say about themselves; any of these, and `picture`, they may hide."""


class ProfileInfo(msgspec.Struct, frozen=True):
    """A person's entry beside name and address, unfiltered. `picture` is the digest of a blob."""

    person_id: int
    title: str = ""
    rank: str = ""
    given_th: str = ""
    family_th: str = ""
    given_en: str = ""
    family_en: str = ""
    office_phone: str = ""
    extension: str = ""
    mobile: str = ""
    expertise: str = ""
    about: str = ""
    picture: bytes | None = None
    hidden: tuple[str, ...] = ()
    is_listed: bool = True
    version: int = 0


class PostInfo(msgspec.Struct, frozen=True):
    """A post of a unit."""

    id: int
    agency_id: int
    title_th: str
    title_en: str
    is_head: bool
    position: int
    version: int


class HoldingInfo(msgspec.Struct, frozen=True):
    """Who holds a post. Days are dates of Thailand; `until` is the last one."""

    id: int
    person_id: int
    post_id: int
    kind: HoldingKind
    since: date | None
    until: date | None


class PersonInfo(msgspec.Struct, frozen=True):
    """A person as administrators see them."""

    id: int
    login: str
    name_th: str
    name_en: str
    language: str
    agency_id: int | None
    is_active: bool


class GroupFacts(msgspec.Struct, frozen=True):
    """What is said of a group. `unit_id`: whose people it stands for, of kind `unit`."""

    kind: GroupKind
    name_th: str
    name_en: str = ""
    posting: PostingPolicy = PostingPolicy.MEMBERS
    unit_id: int | None = None


class GroupInfo(msgspec.Struct, frozen=True):
    """A group and its main address."""

    id: int
    agency_id: int
    address: str
    facts: GroupFacts
    is_active: bool
    version: int


class MemberKind(StrEnum):
    """What a member of a group is."""

    PERSON = "person"
    POST = "post"
    GROUP = "group"
    ADDRESS = "address"
    """Any other address, here or outside."""


class MemberInfo(msgspec.Struct, frozen=True):
    """A member. `key` is that of the person, post or group, None for an address; `shown` is for people to read."""

    id: int
    kind: MemberKind
    key: int | None
    shown: str
    receives: bool
    manages: bool


class Audience(msgspec.Struct, frozen=True):
    """Whom a letter to a group reaches: accounts here, and addresses that are nobody's here."""

    account_ids: frozenset[int]
    outside: frozenset[str]
