"""What a run of scripts decided."""

from __future__ import annotations

import msgspec

from pirab.core.errors import PirabError


class RunError(PirabError):
    """A filter script could not be run to its end."""


class Reply(msgspec.Struct, frozen=True):
    """An answer to the sender (rfc5230#4): `period` in seconds, `handle` tells answers of one account apart.

    `own_addresses` are further addresses of the recipient; `is_mime` when `reason` is a MIME entity.
    """

    reason: str
    handle: str
    period: int
    subject: str | None = None
    from_: str | None = None
    own_addresses: tuple[str, ...] = ()
    is_mime: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What is to be done with the letter.

    `is_kept`: it goes where mail goes without any script, beside `mailbox_ids` (which exist) and `to_create` (paths of
    mailboxes to be made). When it is not kept and nothing is filed it was discarded. `problems` are for the owner.
    """

    is_kept: bool = True
    mailbox_ids: tuple[int, ...] = ()
    to_create: tuple[str, ...] = ()
    keywords: frozenset[str] = frozenset()
    redirects: tuple[str, ...] = ()
    reply: Reply | None = None
    problems: tuple[str, ...] = ()
