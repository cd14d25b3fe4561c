"""rfc8620#2: the session object."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.jmap import session as session_module
from pirab.jmap.limits import CORE_LIMITS
from tests.compliance.jmap.door import CORE, MAIL, Door
from tests.conftest import Member


def session(door: Door, **headers: str) -> dict[str, Any]:
    response = door.client.get("/.well-known/jmap", headers=door.headers | headers)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    found: dict[str, Any] = response.json()
    return found


def test_the_session_names_capabilities_and_limits(door: Door) -> None:
    capabilities = session(door)["capabilities"]
    assert capabilities[CORE]["maxSizeUpload"] == CORE_LIMITS.max_size_upload == 50_000_000
    assert capabilities[CORE]["maxCallsInRequest"] == CORE_LIMITS.max_calls_in_request
    assert "i;unicode-casemap" in capabilities[CORE]["collationAlgorithms"]
    assert capabilities[MAIL] == {}


def test_every_capability_of_the_session_may_be_used(door: Door) -> None:
    """rfc8620#3.6.1: only what the server does not support is an unknown capability; rfc8887#3.1 defines no method."""
    spoken = sorted(session(door)["capabilities"])
    assert "urn:ietf:params:jmap:websocket" in spoken
    assert door.request([["Core/echo", {}, "c"]], spoken)["methodResponses"][0][0] == "Core/echo"


def test_the_state_changes_with_what_is_promised(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """rfc8620#2: when the value of any other property changes, the state does."""
    before = session(door)["state"]
    monkeypatch.setattr(session_module, "_PROMISES", "other limits")
    assert session(door)["state"] != before


def test_the_session_lists_the_own_account(door: Door) -> None:
    found = session(door)
    account = found["accounts"][door.account_id]
    assert found["username"] == account["name"] == door.member.email
    assert (account["isPersonal"], account["isReadOnly"]) == (True, False)
    assert account["accountCapabilities"][MAIL]["mayCreateTopLevelMailbox"] is True
    assert found["primaryAccounts"][MAIL] == door.account_id
    assert CORE not in found["primaryAccounts"]


def test_a_shared_account_is_listed_with_its_rights(door: Door, stranger: Member) -> None:
    before = session(door)
    directory.grant(door.member.person_id, stranger.account_id, Role.READER)
    after = session(door)
    shared = after["accounts"][encode_id(IdKind.ACCOUNT, stranger.account_id)]
    assert (shared["isPersonal"], shared["isReadOnly"]) == (False, True)
    assert "urn:ietf:params:jmap:submission" not in shared["accountCapabilities"]
    assert len(before["accounts"]) == 1
    assert before["state"] != after["state"]
    assert after["primaryAccounts"] == before["primaryAccounts"]


def test_urls_are_absolute_and_lead_to_the_host_that_was_asked(door: Door) -> None:
    found = session(door, Host="localhost:1234")
    base = "http://localhost:1234/jmap/"
    assert found["apiUrl"] == base
    assert found["uploadUrl"] == base + "upload/{accountId}/"
    assert found["downloadUrl"] == base + "download/{accountId}/{blobId}/{name}?accept={type}"
    assert found["eventSourceUrl"] == base + "eventsource?types={types}&closeafter={closeafter}&ping={ping}"
    behind_tls = session(door, **{"Host": "mail.test", "X-Forwarded-Proto": "https"})
    assert behind_tls["apiUrl"] == "https://mail.test/jmap/"


@pytest.mark.parametrize("host", ["evil.test/x", "a b", "x@y", 'x"', "[::1", "ไทย.test", ""])
def test_a_host_that_is_none_is_not_repeated(door: Door, host: str) -> None:
    assert session(door, Host=host)["apiUrl"].startswith(settings.ENVIRONMENT.public_url)


def test_nobody_has_no_session(db: None) -> None:
    response = Client().get("/.well-known/jmap")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Basic realm="Pirab", charset="UTF-8", Bearer realm="Pirab"'


def test_a_page_is_never_asked_for_a_password_by_the_browser(db: None) -> None:
    for headers in ({"X-Pirab-Request": "1"}, {"Sec-Fetch-Mode": "cors"}):
        response = Client().get("/.well-known/jmap", headers=headers)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="Pirab"'
