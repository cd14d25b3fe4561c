"""What every test may ask for: accounts with mailboxes, people who use them, messages to put in."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.running import _slot, nameserver, outside, system

__all__ = ["_slot", "nameserver", "outside", "system"]

REPOSITORY = Path(__file__).resolve().parent.parent
CORPUS = REPOSITORY.parent / "shared" / "corpus"
PASSWORD = "นกพิราบ-correct-horse-2569"

# Tests that call Django from an event loop's thread (Playwright's) are not asynchronous themselves.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Parts first, the whole system next, the browser last: Playwright leaves an event loop running behind it."""
    places = {"acceptance": 1, "browser": 2}
    items.sort(key=lambda item: max(places.get(parent.name, 0) for parent in item.path.parents))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared corpus of real messages; tests that need it are skipped where it is absent."""
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not beside this checkout")
    return CORPUS


@pytest.fixture(scope="session", autouse=True)
def emptied_with_what_refers_to_it() -> Iterator[None]:
    """Tables emptied between tests take along those that refer to them and that Django does not manage."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    sql_flush = DatabaseOperations.sql_flush

    def with_cascade(
        self: DatabaseOperations,
        style: Any,
        tables: list[str],
        *,
        reset_sequences: bool = False,
        **_: object,
    ) -> list[str]:
        return sql_flush(self, style, tables, reset_sequences=reset_sequences, allow_cascade=True)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DatabaseOperations, "sql_flush", with_cascade)
        yield


@pytest.fixture(scope="session", autouse=True)
def test_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of the tests' own for blobs and keys: the running system shares nothing with them but PostgreSQL."""
    from django.conf import settings

    from pirab.core.keyring import ensure_keyring

    # In memory where the machine can: what is under test here is not the disk.
    memory = Path("/dev/shm")
    home = (
        Path(tempfile.mkdtemp(dir=memory)) if os.access(memory, os.W_OK) else tmp_path_factory.mktemp("home")
    )
    for directory in ("blobs", "run", "log", "secrets/keys"):
        (home / directory).mkdir(parents=True)
    for name in ("django.key", "scan.token"):
        (home / "secrets" / name).write_text(f"only-for-tests-{name}", encoding="ascii")
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=home)
    ensure_keyring(settings.ENVIRONMENT.keyring_dir, lambda: False)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The tests' own database answers before its commits are on disk; the running system's never does."""
    from django.conf import settings

    options = settings.DATABASES["default"]["OPTIONS"]
    assert isinstance(options, dict)
    options["options"] = "-c synchronous_commit=off"


@dataclass(frozen=True)
class Member:
    """A person with an account of their own."""

    person_id: int
    account_id: int
    email: str
    token: str
    password: str = PASSWORD


_numbers = itertools.count(1)


@functools.cache
def _password_hash() -> str:
    """One Argon2id hash for everybody: making it is slow on purpose."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def make_member(db: None) -> Callable[..., Member]:
    """Makes people of an agency, each with an account: `make_member("somchai", domain="moi.go.test")`."""
    from pirab.directory import actions as directory
    from pirab.directory.models import Person
    from pirab.personnel.provisioning import open_personal_account
    from pirab.signin import tokens

    def make(local: str | None = None, *, domain: str = "moi.go.test", quota_bytes: int = 10**9) -> Member:
        local = local or f"person{next(_numbers)}"
        agency = directory.ensure_agency(domain, f"หน่วยงาน {domain}")
        directory.ensure_domain(domain, agency)
        opened = open_personal_account(
            f"{local}@{domain}", "สมชาย ใจดี", quota_bytes=quota_bytes, agency_id=agency
        )
        Person.objects.filter(pk=opened.person_id).update(password=_password_hash())
        token = tokens.issue_token(opened.person_id, "test")
        return Member(opened.person_id, opened.account_id, opened.email, token)

    return make


@pytest.fixture
def member(make_member: Callable[..., Member]) -> Member:
    """One person with one account."""
    return make_member()


@pytest.fixture
def stranger(make_member: Callable[..., Member]) -> Member:
    """A person of another agency, who has nothing to do with `member`."""
    return make_member(domain="mof.go.test")


def letter(
    subject: str = "เรื่องทดสอบ",
    body: str = "สวัสดีครับ",
    *,
    sender: str = "outside@example.test",
    to: str = "somchai@moi.go.test",
    message_id: str | None = None,
    references: str = "",
    date: datetime | None = None,
) -> bytes:
    """A small message in UTF-8 as it comes over SMTP, each one different unless `message_id` is given."""
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = date or datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    message["Message-ID"] = message_id or f"<{next(_numbers)}.{os.getpid()}@example.test>"
    if references:
        message["References"] = references
        message["In-Reply-To"] = references.split()[-1]
    message.set_content(body)
    return message.as_bytes()
