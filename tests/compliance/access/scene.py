"""Who stands where in the access table: two ministries, their people and administrators, an operator."""

from __future__ import annotations

from string import Template
from typing import Any, Final

import msgspec
from django.conf import settings
from django.test import Client

from pirab.approvals import actions as approvals
from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions, queries
from pirab.directory.types import (
    AgencyFacts,
    AgencyKind,
    DutyKind,
    GroupFacts,
    GroupKind,
    MemberKind,
    PostingPolicy,
)
from pirab.domainaudit import claims
from pirab.groups import queries as group_queries
from pirab.groups.distribution import take
from pirab.groups.types import Letter
from pirab.jmap import registry
from pirab.personnel import enrolments
from pirab.personnel.provisioning import open_personal_account
from pirab.personnel.types import Names, Newcomer, Way
from pirab.personnel.types import State as EnrolmentState
from pirab.signin import sessions
from pirab.signin.types import Strength
from pirab.store import queries as mail
from pirab.store.types import MailboxRole

ROLES: Final = (
    "anonymous",
    "owner",
    "other_person",
    "other_agency_admin",
    "own_agency_admin",
    "operator",
)
"""The columns of the table. `owner` is the official everything in a row belongs to."""


class Scene:
    """Everything the rows name. `names` are what `$name` in a path, a query or a body stands for."""

    def __init__(self) -> None:
        here = _ministry("กระทรวงนี้", "here.go.test")
        there = _ministry("กระทรวงอื่น", "there.go.test")
        unit = actions.create_agency(here, AgencyFacts("กรมนี้", kind=AgencyKind.DEPARTMENT))
        owner = open_personal_account("owner@here.go.test", "เจ้าของ", agency_id=unit)
        other = open_personal_account("other@there.go.test", "คนอื่น", agency_id=there)
        people = {
            "owner": owner.person_id,
            "other_person": other.person_id,
            "other_agency_admin": _person("admin@there.go.test", there),
            "own_agency_admin": _person("admin@here.go.test", here),
            "operator": _person("operator@here.go.test", None),
        }
        actions.appoint(people["other_agency_admin"], there, DutyKind.ADMINISTRATOR)
        actions.appoint(people["own_agency_admin"], here, DutyKind.ADMINISTRATOR)
        actions.appoint(people["operator"], None, DutyKind.OPERATOR)
        duty = actions.appoint(people["owner"], unit, DutyKind.SECURITY_OFFICER)
        proposal = approvals.propose(
            "appoint",
            "ตัวอย่าง",
            {"person": people["owner"], "agency": unit, "kind": "administrator", "expires": None},
            agency_id=unit,
            by=actions.create_person("proposer@here.go.test", "ผู้เสนอ", agency_id=here),
        )
        domain = claims.claim(unit, "unit.here.go.test", people["own_agency_admin"])
        group = _moderated_group(unit, people["owner"])
        newcomer = Newcomer(unit, Names("ใหม่", "มาก", "Mai", "Mak"))
        waiting, _ = enrolments.enrol(newcomer, Way.MAIL, EnrolmentState.WAITING)
        _, link = enrolments.enrol(newcomer, Way.INVITATION, EnrolmentState.OPEN)
        self._sessions = {role: sessions.open_session(key, Strength.STRONG) for role, key in people.items()}
        self.names: dict[str, str] = {
            "account_id": encode_id(IdKind.ACCOUNT, owner.account_id),
            "other_account_id": encode_id(IdKind.ACCOUNT, other.account_id),
            "mailbox_id": encode_id(IdKind.MAILBOX, mail.mailboxes(owner.account_id)[0].id),
            "agency_id": encode_id(IdKind.AGENCY, unit),
            "unit_id": encode_id(IdKind.AGENCY, unit),
            "parent_id": encode_id(IdKind.AGENCY, here),
            "person_id": encode_id(IdKind.PERSON, owner.person_id),
            "duty_id": encode_id(IdKind.DUTY, duty),
            "approval_id": encode_id(IdKind.APPROVAL, proposal),
            "session_id": encode_id(IdKind.CREDENTIAL, self._session_id("owner")),
            "passkey_id": encode_id(IdKind.CREDENTIAL, 1),
            "slug": "none",
            "token_id": encode_id(IdKind.CREDENTIAL, 1),
            "group_id": encode_id(IdKind.GROUP, group),
            "member_id": encode_id(IdKind.HOLDING, queries.members(group, 0, 1)[0].id),
            "letter_id": encode_id(IdKind.APPROVAL, group_queries.waiting(group, 2**62, 1)[0].id),
            "domain_id": encode_id(IdKind.DOMAIN, domain),
            "selector": "none",
            "missing_blob": "b" + "a" * 52,
            "enrolment_id": encode_id(IdKind.ENROLMENT, waiting),
            "link": link,
        }
        self.names |= self._transfers()

    def _session_id(self, role: str) -> int:
        found = sessions.find(self._sessions[role])
        assert found is not None
        return found.id

    def _transfers(self) -> dict[str, str]:
        base = f"/api/v1/accounts/{self.names['account_id']}"
        made = {}
        for name, body in (("exports", {}), ("imports", {"format": "zip", "size": 3})):
            answer = self.call("owner", "POST", f"{base}/{name}", msgspec.json.encode(body).decode())
            assert answer.status_code in (200, 201), answer.content
            made[f"{name[:-1]}_id"] = str(answer.json()["id"])
        return made

    def call(self, role: str, verb: str, path: str, given: str) -> Any:
        """One request as somebody. `given` is a JSON body, or after `?` a query, or after `=` raw octets."""
        path = Template(path).substitute(self.names)
        given = Template(given).substitute(self.names)
        headers = {"X-Pirab-Request": "1"}
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[role]
        kind = "application/octet-stream" if given.startswith("=") else "application/json"
        query, body = (given, "") if given.startswith("?") else ("", given.removeprefix("="))
        return client.generic(verb, path + query, body, content_type=kind, headers=headers)

    def method(self, role: str, name: str, arguments: str) -> str:
        """The outcome of one JMAP method call: `ok`, the type of its error, or the status of a refused request.

        The account is the owner's unless `arguments` names another; null: the method takes none.
        """
        wanted = {"accountId": "$account_id"} | msgspec.json.decode(arguments or "{}")
        given = {key: value for key, value in wanted.items() if (key, value) != ("accountId", None)}
        body = {"using": sorted(registry.capabilities()), "methodCalls": [[name, given, "c"]]}
        answer = self.call(role, "POST", "/jmap/", msgspec.json.encode(body).decode())
        if answer.status_code != 200:
            return str(answer.status_code)
        [[answered, result, _]] = answer.json()["methodResponses"][:1]
        return "ok" if answered == name else str(result["type"])


def _ministry(name: str, domain: str) -> int:
    agency = actions.create_agency(None, AgencyFacts(name, kind=AgencyKind.MINISTRY))
    actions.ensure_domain(domain, agency)
    return agency


def _person(email: str, agency_id: int | None) -> int:
    opened = open_personal_account(email, "เจ้าหน้าที่", agency_id=agency_id)
    assert queries.principal(opened.person_id) is not None
    return opened.person_id


def _moderated_group(unit: int, manager: int) -> int:
    """A group the owner manages, with a letter that waits."""
    facts = GroupFacts(GroupKind.PEOPLE, "กลุ่ม", posting=PostingPolicy.MODERATED)
    group = actions.create_group(unit, "group@here.go.test", facts)
    actions.add_member(group, MemberKind.PERSON, manager, manages=True)
    content = b"From: <a@example.test>\r\nSubject: x\r\n\r\nx\r\n"
    letter = Letter(
        content, "a@example.test", MailboxRole.INBOX, clock.now(), is_vouched_for=False, fingerprint=b"0" * 32
    )
    take(letter, queries.group(group))
    return group
