"""What the directory tells the floors above."""

from __future__ import annotations

from enum import Enum, StrEnum

import msgspec


class AccountKind(StrEnum):
    """Whose mail it is."""

    PERSONAL = "personal"
    SHARED = "shared"


class Right(Enum):
    """What somebody wants to do with an account."""

    READ = "read"
    WRITE = "write"
    SUBMIT = "submit"
    MARK = "mark"
    """Set what is one's own: read, starred, subscribed."""


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

    `roles` maps account id to role; `shared` are those of the accounts that belong to an office (`AccountKind.SHARED`).
    """

    person_id: int
    email: str
    name: str
    roles: dict[int, Role]
    primary_account_id: int | None
    scopes: frozenset[str] = frozenset({"mail"})
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
