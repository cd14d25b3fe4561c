"""A name server on loopback, a home for keys, and an agency that brings domains."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pirab.directory import actions
from pirab.directory.types import AgencyFacts, AgencyKind
from pirab.domainaudit import expected, queries, site
from tests.integration.domainaudit.name_server import NameServer

HOST = "mail.pirab.test"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def _name_server() -> Iterator[NameServer]:
    server = NameServer("127.36.53.1")
    yield server
    server.stop()


@pytest.fixture
def names(_name_server: NameServer, settings: Any, tmp_path: Path) -> NameServer:
    """The name server, empty but for our own host, as the resolver of this installation."""
    (tmp_path / "dkim").mkdir()
    resolv = tmp_path / "resolv.conf"
    resolv.write_text(f"nameserver {_name_server.address}\n")
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT,
        home=tmp_path,
        resolv_conf=resolv,
        hostname=HOST,
        public_url="https://web.pirab.test",
    )
    _name_server._records.clear()
    _name_server._bad.clear()
    _name_server.asked.clear()
    _name_server.publish(HOST, "A", "192.0.2.25")
    _name_server.publish("web.pirab.test", "A", "192.0.2.80")
    return _name_server


@pytest.fixture
def agency() -> int:
    """A ministry."""
    return actions.create_agency(None, AgencyFacts(f"กระทรวง {next(_numbers)}", kind=AgencyKind.MINISTRY))


def publish_all(names: NameServer, claim_id: int) -> None:
    """Have the name server say everything that the domain should publish."""
    domain = queries.domain(claim_id)
    for record in expected.records(domain, queries.published_keys(claim_id), site.house()):
        value = record.value
        if record.type == "TXT":
            value = " ".join(f'"{value[start : start + 200]}"' for start in range(0, len(value), 200))
        names.publish(record.name, record.type, value)


def publish_proof(names: NameServer, claim_id: int) -> None:
    """Only the record that proves the ownership."""
    record = expected.proof(queries.domain(claim_id))
    names.publish(record.name, "TXT", f'"{record.value}"')
