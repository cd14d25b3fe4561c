"""Passwords kept by an agency: a real OpenLDAP server, asked with every trick that a login may carry."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pirab.directory import actions as directory
from pirab.directory.models import Person
from pirab.directory.types import AgencyFacts
from pirab.signin import actions, agency_directory, factors
from pirab.signin.agency_directory import AgencyDirectoryAway, DirectoryFacts
from pirab.signin.errors import DirectoryInvalid, SignInRefused
from pirab.signin.models import AgencyDirectory, SignIn
from pirab.signin.types import Door, Origin
from tests.conftest import PASSWORD, Member
from tests.integration.signin.browsers import Browser, signed_in

SLAPD = Path("/usr/sbin/slapd")
BASE = "dc=moi,dc=go,dc=test"
SEARCHER = f"cn=searcher,{BASE}"
HERE = Origin("203.0.113.7")
KEPT_THERE = "รหัสของหน่วยงาน-2569"
ENTRIES = f"""\
dn: {BASE}
objectClass: dcObject
objectClass: organization
dc: moi
o: MOI

dn: {SEARCHER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: searcher
userPassword: may-search

dn: uid=ldap.person,{BASE}
objectClass: inetOrgPerson
uid: ldap.person
cn: LDAP Person
sn: Person
mail: ldap.person@moi.go.test
userPassword: {KEPT_THERE}

dn: uid=twin1,{BASE}
objectClass: inetOrgPerson
uid: twin1
cn: Twin
sn: Twin
mail: twin@moi.go.test
userPassword: {KEPT_THERE}

dn: uid=twin2,{BASE}
objectClass: inetOrgPerson
uid: twin2
cn: Twin
sn: Twin
mail: twin@moi.go.test
userPassword: {KEPT_THERE}
"""
CONFIGURATION = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {home}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
maxsize 10485760
dbnosync
suffix "{base}"
directory {home}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{searcher}" read by * none
"""


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An agency's server, running."""
    if not SLAPD.exists():
        pytest.skip("Debian's slapd is not installed")
    home, port = tmp_path_factory.mktemp("slapd"), _port()
    (home / "data").mkdir()
    configuration = CONFIGURATION.format(home=home, base=BASE, searcher=SEARCHER)
    (home / "slapd.conf").write_text(configuration, encoding="utf-8")
    (home / "entries.ldif").write_text(ENTRIES, encoding="utf-8")
    subprocess.run(
        ["/usr/sbin/slapadd", "-f", home / "slapd.conf", "-l", home / "entries.ldif"],
        check=True,
        capture_output=True,
    )
    address = f"ldap://127.0.0.1:{port}"
    process = subprocess.Popen(
        [SLAPD, "-f", home / "slapd.conf", "-h", address, "-d", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("slapd did not start")


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    actions._verified.forget()


@pytest.fixture
def official(make_member: Callable[..., Member], server: str) -> Member:
    """Somebody whose agency keeps the passwords."""
    member = make_member("ldap.person")
    agency_directory.ensure_directory(_agency(member), facts(server))
    return member


def facts(server: str, **given: str) -> DirectoryFacts:
    told = {"bind_dn": SEARCHER, "bind_password": "may-search"} | given
    return DirectoryFacts(server, BASE, **told)


def _agency(member: Member) -> int:
    agency = Person.objects.get(pk=member.person_id).agency_id
    assert agency is not None
    return agency


def sign_in(login: str, password: str) -> int:
    return actions.prove_password(login, password, HERE, Door.WEB)


def test_the_agencys_password_signs_in_and_ours_does_not(official: Member) -> None:
    assert sign_in(official.email.upper(), KEPT_THERE) == official.person_id
    for wrong in (PASSWORD, "wrong", KEPT_THERE + "x"):
        with pytest.raises(SignInRefused):
            sign_in(official.email, wrong)


def test_the_web_signs_in_and_says_how(official: Member) -> None:
    Browser().ask("POST", "/session", {"login": official.email, "password": KEPT_THERE})
    assert SignIn.objects.get(person_id=official.person_id).method == "agency_password"
    found = signed_in(official).ask(
        "PUT", "/me/password", {"current": KEPT_THERE, "new": "another-long-pass-2570"}, 422
    )
    assert found["reason"] == "elsewhere"
    assert factors.factors_of(official.person_id).password


def test_people_of_units_below_and_of_nobody_else(
    official: Member, make_member: Callable[..., Member], stranger: Member
) -> None:
    below = directory.create_agency(_agency(official), AgencyFacts("กองคลัง"))
    Person.objects.filter(pk=official.person_id).update(agency_id=below)
    assert sign_in(official.email, KEPT_THERE) == official.person_id
    assert agency_directory.serving(stranger.person_id) is None
    assert sign_in(stranger.email, PASSWORD) == stranger.person_id


@pytest.mark.parametrize("password", ["", "\0", f"{KEPT_THERE}\0", "ก" * 1025, "\ud800"])
def test_an_odd_password_is_wrong(official: Member, password: str) -> None:
    with pytest.raises(SignInRefused):
        sign_in(official.email, password)


@pytest.mark.parametrize(
    "login",
    [
        "*@moi.go.test",
        "ldap.*@moi.go.test",
        "ldap.person@moi.go.test)(objectClass=*",
        "*)(uid=*))(|(uid=*",
        "\\2a@moi.go.test",
        "ldap.person\\00@moi.go.test",
        f"uid=ldap.person,{BASE}",
        "",
    ],
)
def test_a_login_that_is_a_filter_finds_nobody(official: Member, login: str) -> None:
    row = AgencyDirectory.objects.get()
    assert not agency_directory.is_right(row, login, KEPT_THERE)
    with pytest.raises(SignInRefused):
        sign_in(login, KEPT_THERE)


def test_two_entries_of_one_login_are_nobody(official: Member, make_member: Callable[..., Member]) -> None:
    twin = make_member("twin")
    with pytest.raises(SignInRefused):
        sign_in(twin.email, KEPT_THERE)


def test_a_filter_by_the_local_part(official: Member, server: str) -> None:
    agency_directory.ensure_directory(_agency(official), facts(server, user_filter="(uid={local})"))
    assert sign_in(official.email, KEPT_THERE) == official.person_id


def test_a_server_that_is_away_means_later(official: Member, server: str) -> None:
    agency_directory.ensure_directory(_agency(official), facts(f"ldap://127.0.0.1:{_port()}"))
    with pytest.raises(AgencyDirectoryAway):
        sign_in(official.email, KEPT_THERE)
    answer = Browser().call("POST", "/session", {"login": official.email, "password": PASSWORD})
    assert answer.status_code == 503
    agency_directory.ensure_directory(_agency(official), facts(server, bind_password="wrong"))
    with pytest.raises(AgencyDirectoryAway):
        sign_in(official.email, KEPT_THERE)


def test_nothing_is_said_to_a_server_elsewhere_without_encryption(
    official: Member, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As in production, where no server is near: this one knows no StartTLS.
    monkeypatch.setattr(agency_directory, "_is_near", lambda url: False)
    with pytest.raises(AgencyDirectoryAway):
        sign_in(official.email, KEPT_THERE)


def test_a_directory_that_cannot_be_asked_is_not_kept(member: Member) -> None:
    agency = _agency(member)
    for url in ("http://moi.go.test", "moi.go.test", "ldap://", "", "file:///etc/passwd"):
        with pytest.raises(DirectoryInvalid):
            agency_directory.ensure_directory(agency, DirectoryFacts(url, BASE))
    with pytest.raises(DirectoryInvalid):
        agency_directory.ensure_directory(agency, DirectoryFacts("ldaps://ad.test", BASE, "(uid=admin)"))


def test_a_binding_password_is_kept_wrapped(official: Member) -> None:
    assert b"may-search" not in bytes(AgencyDirectory.objects.get().wrapped_secret or b"")
