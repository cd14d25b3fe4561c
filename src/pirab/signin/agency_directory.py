"""Passwords that an agency keeps itself: proved by binding to its LDAP server or Active Directory (rfc4513#5.1.3).

The agency's server is asked for the one entry of this login, then for a bind as that entry. The nearest agency above a
person that has a server decides, and then nothing else does: no password of ours stands beside the agency's. Nothing
is said before the connection is encrypted and the server's certificate is checked. A server that is away means
"later", never "wrong" and never "come in".
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import ldap3
import msgspec
from django.conf import settings
from ldap3.core.exceptions import LDAPException, LDAPSASLPrepError
from ldap3.utils.conv import escape_filter_chars

from pirab.core import db
from pirab.core.errors import TemporaryError
from pirab.core.log import get_logger
from pirab.signin import sealing
from pirab.signin.errors import DirectoryInvalid
from pirab.signin.models import AgencyDirectory

CONNECT_SECONDS: Final = 3
ANSWER_SECONDS: Final = 5
_INVALID_CREDENTIALS: Final = 49  # rfc4511#4.1.9
_log = get_logger(__name__)


class AgencyDirectoryAway(TemporaryError):
    """The agency's own directory cannot be asked at the moment."""


class DirectoryFacts(msgspec.Struct, frozen=True):
    """How an agency's server is asked. In `user_filter` (rfc4515), `{login}` stands for the address and `{local}` for
    what is before its @. `bind_dn` may search; empty: anybody may. `ca_file` names the authority that is trusted."""

    url: str
    base_dn: str
    user_filter: str = "(mail={login})"
    bind_dn: str = ""
    bind_password: str | None = None
    ca_file: str = ""


def ensure_directory(agency_id: int, facts: DirectoryFacts) -> None:
    """Have the people of the agency and of those below it sign in with the passwords of this server.

    Raises `DirectoryInvalid` for what is no address of such a server, or a filter that does not name the login.
    """
    if not _is_safe(facts.url):
        raise DirectoryInvalid("url")
    if "{login}" not in facts.user_filter and "{local}" not in facts.user_filter:
        raise DirectoryInvalid("user_filter")
    key_id, wrapped = sealing.seal(facts.bind_password) if facts.bind_password else ("", None)
    AgencyDirectory.objects.update_or_create(
        agency_id=agency_id,
        defaults={
            "url": facts.url,
            "base_dn": facts.base_dn,
            "user_filter": facts.user_filter,
            "bind_dn": facts.bind_dn,
            "key_id": key_id,
            "wrapped_secret": wrapped,
            "ca_file": facts.ca_file,
            "is_active": True,
        },
    )


def remove_directory(agency_id: int) -> None:
    """Keep the passwords of the agency's people here again; who has none sets one by an invitation."""
    AgencyDirectory.objects.filter(agency_id=agency_id).delete()


def serving(person_id: int) -> AgencyDirectory | None:
    """The server that keeps this person's password; None where we do."""
    found = db.scalar(_SERVING, (person_id,))
    return None if found is None else AgencyDirectory.objects.get(pk=found)


_SERVING: Final = """
    select d.agency_id
      from directory_person p
      join directory_agency a on a.id = p.agency_id
      join signin_agencydirectory d on d.agency_id = any(a.ancestry) and d.is_active
     where p.id = %s
     order by array_position(a.ancestry, d.agency_id) desc
     limit 1
"""


def is_right(row: AgencyDirectory, login: str, password: str) -> bool:
    """Whether the agency's server takes this password. Raises `AgencyDirectoryAway`."""
    # An empty password is an unauthenticated bind, which servers grant to everybody (rfc4513#5.1.2).
    if not password or "\0" in password:
        return False
    try:
        entry = _entry_of(row, login)
        return entry is not None and _binds(row, entry, password)
    except LDAPSASLPrepError:
        return False  # no server can have such a password (rfc4013#2.3)
    except (LDAPException, OSError, ssl.SSLError) as error:
        _log.warning("signin.agency_directory_away", agency=row.pk, error=type(error).__name__)
        raise AgencyDirectoryAway() from error


def _entry_of(row: AgencyDirectory, login: str) -> str | None:
    """The distinguished name of the one entry of this login; None where there is none, or more than one."""
    local = login.rpartition("@")[0]
    wanted = row.user_filter.replace("{login}", escape_filter_chars(login)).replace(
        "{local}", escape_filter_chars(local)
    )
    secret = None if row.wrapped_secret is None else sealing.unseal(row.key_id, bytes(row.wrapped_secret))
    with _connection(row, row.bind_dn or None, secret) as connection:
        if not connection.bind():
            raise AgencyDirectoryAway()
        connection.search(row.base_dn, wanted, ldap3.SUBTREE, attributes=[ldap3.NO_ATTRIBUTES], size_limit=2)
        found = [each["dn"] for each in connection.response if each["type"] == "searchResEntry"]
    return str(found[0]) if len(found) == 1 and found[0] else None


def _binds(row: AgencyDirectory, entry: str, password: str) -> bool:
    with _connection(row, entry, password) as connection:
        if connection.bind():
            return True
        if connection.result["result"] != _INVALID_CREDENTIALS:
            _log.info(
                "signin.agency_directory_refused", agency=row.pk, result=connection.result["description"]
            )
        return False


@contextmanager
def _connection(row: AgencyDirectory, user: str | None, password: str | None) -> Iterator[Any]:
    """A connection, encrypted before anything is said, closed at the end of the block."""
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=row.ca_file or None)
    connection = ldap3.Connection(
        ldap3.Server(row.url, connect_timeout=CONNECT_SECONDS, get_info=ldap3.NONE, tls=tls),
        user=user,
        password=password,
        authentication=ldap3.SIMPLE if user else ldap3.ANONYMOUS,
        receive_timeout=ANSWER_SECONDS,
        auto_referrals=False,
        read_only=True,
    )
    connection.open()
    try:
        is_plain = urlsplit(row.url).scheme == "ldap"
        if is_plain and not _is_near(row.url) and not connection.start_tls():
            raise AgencyDirectoryAway()
        yield connection
    finally:
        connection.unbind()


def _is_near(url: str) -> bool:
    """A server on this machine, in development."""
    return not settings.ENVIRONMENT.is_production and urlsplit(url).hostname in ("127.0.0.1", "localhost")


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("ldap", "ldaps") and bool(parts.hostname)
