"""Accounts of a test's own in the system under test, opened the way its console opens them."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from dataclasses import dataclass

from pirab.conf.environment import REPOSITORY
from tests.acceptance.system import System

PASSWORD = "นกพิราบ-correct-horse-2569"

_OPEN = """
import json, sys
import django
django.setup()
from pirab.personnel.provisioning import open_personal_account, set_quota
from pirab.directory import actions as directory
from pirab.signin import tokens
wanted = json.loads(sys.stdin.read())
domain = wanted["email"].rpartition("@")[2]
agency = directory.ensure_agency(domain, domain)
directory.ensure_domain(domain, agency)
opened = open_personal_account(
    wanted["email"], "ผู้รับทดสอบ", quota_bytes=wanted["quota_bytes"], agency_id=agency)
directory.set_password(opened.person_id, wanted["password"])
print(json.dumps([opened.account_id, opened.email, tokens.issue_token(opened.person_id, "acceptance")]))
"""

_SET_QUOTA = """
import json, sys
import django
django.setup()
from pirab.personnel.provisioning import set_quota
set_quota(*json.loads(sys.stdin.read()))
"""

_APPOINT = """
import json, sys
import django
django.setup()
from pirab.directory import actions, queries
from pirab.directory.types import DutyKind
login, domain = json.loads(sys.stdin.read())
over = None if domain is None else queries.agency_of_domain(domain)
kind = DutyKind.OPERATOR if domain is None else DutyKind.ADMINISTRATOR
actions.appoint(queries.person_with_login(login).id, over, kind)
"""

_numbers = itertools.count(1)


@dataclass(frozen=True)
class TestPerson:
    """Somebody with an account; `email` is the address as the directory spells it."""

    __test__ = False
    account_id: int
    email: str
    token: str


def open_account(system: System, address: str | None = None, quota_bytes: int = 3 * 10**9) -> TestPerson:
    """A new account at `address`, or at one nobody has yet."""
    email = address or f"test{next(_numbers)}-{os.getpid()}-{os.urandom(3).hex()}@inbound.go.test"
    opened = _run(system, _OPEN, {"email": email, "quota_bytes": quota_bytes, "password": PASSWORD})
    return TestPerson(*json.loads(opened))


def set_quota(system: System, person: TestPerson, quota_bytes: int) -> None:
    """Change how much the account may hold."""
    _run(system, _SET_QUOTA, [person.account_id, quota_bytes])


def appoint_operator(system: System, person: TestPerson) -> None:
    """Have somebody run the service."""
    appoint(system, person, None)


def appoint(system: System, person: TestPerson, domain: str | None) -> None:
    """Make somebody an administrator of the agency that owns `domain`; None: an operator of the whole service."""
    _run(system, _APPOINT, [person.email, domain])


def _run(system: System, code: str, argument: object) -> str:
    environment = {
        **os.environ,
        **system.variables,
        "DJANGO_SETTINGS_MODULE": "pirab.conf.settings",
        "PYTHONPATH": str(REPOSITORY / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        input=json.dumps(argument),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
