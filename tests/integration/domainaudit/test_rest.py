"""Domains over REST: what one person may do, what two must, and the pages that the DNS leads to."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from pirab.conf import wiring
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions
from pirab.directory.queries import is_local_domain
from pirab.directory.types import DutyKind
from pirab.domainaudit import audit, claims, queries
from pirab.domainaudit.types import PolicyMode, State
from pirab.personnel.provisioning import open_personal_account
from pirab.signin import sessions
from pirab.signin.types import Strength
from tests.integration.domainaudit.conftest import HOST, publish_all, publish_proof
from tests.integration.domainaudit.name_server import NameServer

pytestmark = pytest.mark.django_db


class Administrator:
    """Somebody who administers the agency and showed two things a moment ago."""

    def __init__(self, agency: int, login: str) -> None:
        opened = open_personal_account(login, "ผู้ดูแล", agency_id=agency)
        actions.appoint(opened.person_id, agency, DutyKind.ADMINISTRATOR)
        self._client = Client(headers={"x-pirab-request": "1"})
        self._client.cookies[settings.SESSION_COOKIE_NAME] = sessions.open_session(
            opened.person_id, Strength.STRONG
        )
        self.base = f"/api/v1/agencies/{encode_id(IdKind.AGENCY, agency)}/domains"

    def call(self, verb: str, path: str = "", body: Any = None, base: str | None = None) -> Any:
        return self._client.generic(
            verb,
            (self.base if base is None else base) + path,
            b"" if body is None else msgspec.json.encode(body),
            content_type="application/json",
        )


@pytest.fixture
def pair(names: NameServer, agency: int) -> tuple[Administrator, Administrator]:
    """Two administrators of the agency."""
    wiring.connect()
    actions.ensure_domain("staff.go.test", agency)
    return Administrator(agency, "one@staff.go.test"), Administrator(agency, "two@staff.go.test")


def proven(names: NameServer, who: Administrator) -> int:
    made = who.call("POST", body={"name": "kasikorn.go.th"})
    assert made.status_code == 201, made.content
    [claim] = [key for key in queries.claim_keys() if queries.domain(key).name == "kasikorn.go.th"]
    publish_proof(names, claim)
    assert who.call("POST", f"/{made.json()['id']}/check").json()["domain"]["state"] == "proven"
    return claim


def path_of(claim: int) -> str:
    return f"/{encode_id(IdKind.DOMAIN, claim)}"


def test_a_domain_whose_mail_goes_elsewhere_is_taken_over_by_two(
    names: NameServer, pair: tuple[Administrator, Administrator]
) -> None:
    one, two = pair
    claim = proven(names, one)
    names.publish("kasikorn.go.th", "MX", "10 mx.elsewhere.test.")
    one.call("POST", f"{path_of(claim)}/check")
    asked = one.call("POST", f"{path_of(claim)}/activate")
    assert asked.status_code == 202
    assert not is_local_domain("kasikorn.go.th")
    approval = f"/api/v1/approvals/{asked.json()['approval']['id']}/approve"
    assert one.call("POST", base=approval).status_code == 403
    assert two.call("POST", base=approval).json()["state"] == "done"
    assert is_local_domain("kasikorn.go.th")


def test_a_domain_nobody_serves_is_taken_into_use_by_one_and_given_up_by_two(
    names: NameServer, pair: tuple[Administrator, Administrator]
) -> None:
    one, two = pair
    claim = proven(names, one)
    assert one.call("POST", f"{path_of(claim)}/activate").json()["domain"]["state"] == "receiving"
    policy = one.call("PUT", f"{path_of(claim)}/policy", {"mtaSts": "enforce"})
    assert policy.status_code == 202
    two.call("POST", base=f"/api/v1/approvals/{policy.json()['approval']['id']}/approve")
    assert queries.domain(claim).mta_sts is PolicyMode.ENFORCE
    given_up = one.call("DELETE", path_of(claim))
    assert given_up.status_code == 202
    two.call("POST", base=f"/api/v1/approvals/{given_up.json()['approval']['id']}/approve")
    assert one.call("GET", path_of(claim)).status_code == 404


def test_the_zone_file_and_the_history(names: NameServer, pair: tuple[Administrator, Administrator]) -> None:
    claim = proven(names, pair[0])
    zone = pair[0].call("GET", f"{path_of(claim)}/zone")
    assert zone["Content-Disposition"] == 'attachment; filename="kasikorn.go.th.zone"'
    assert b"$ORIGIN kasikorn.go.th." in zone.content
    page = pair[0].call("GET", f"{path_of(claim)}/history?limit=1").json()
    assert page["next"] is not None
    assert len(pair[0].call("GET", f"{path_of(claim)}/history").json()["items"]) > 1
    assert b"PRIVATE" not in pair[0].call("GET", f"{path_of(claim)}/keys").content


@pytest.mark.parametrize(
    "name", ["", "x" * 400, "go.th", "mоi.go.th", "a..b", "[::1]", "x\u0000.go.th", 5, None, {}]
)
def test_names_nobody_may_claim(
    names: NameServer, pair: tuple[Administrator, Administrator], name: object
) -> None:
    answer = pair[0].call("POST", body={"name": name})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_policies_and_settings_are_served_for_our_domains_alone(names: NameServer, agency: int) -> None:
    claim = claims.claim(agency, "kasikorn.go.th", None)
    publish_proof(names, claim)
    audit.look(claim)
    client = Client()
    sts, auto = "/.well-known/mta-sts.txt", "/mail/config-v1.1.xml"
    assert client.get(sts, headers={"host": "mta-sts.kasikorn.go.th"}).status_code == 404, "not in use yet"
    publish_all(names, claim)
    claims.activate(claim)
    policy = client.get(sts, headers={"host": "MTA-STS.kasikorn.go.th:443"})
    assert policy.content.decode().split("\r\n")[:3] == ["version: STSv1", "mode: testing", f"mx: {HOST}"]
    found = ElementTree.fromstring(client.get(auto, headers={"host": "autoconfig.kasikorn.go.th"}).content)
    assert found.findtext("emailProvider/outgoingServer/hostname") == HOST
    for host in (
        "kasikorn.go.th",
        "mta-sts.moi.go.th",
        "mta-sts.",
        "mta-sts.<b>",
        "mta-sts." + "a" * 300,
        "",
    ):
        assert client.get(sts, headers={"host": host}).status_code == 404
    assert queries.domain(claim).state is State.RECEIVING
