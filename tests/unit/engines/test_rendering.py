"""Rendered configuration: complete, stable, replaced in one step."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines import nginx, postfix, rspamd
from engines.rendering import Rendering, write_if_changed
from engines.site import DnsState, Site
from pirab.conf.environment import Environment

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="engines' files belong to their users: needs root")


def make_site(home: Path, dns: DnsState = DnsState.OFF, **values: str) -> Site:
    variables = {f"PIRAB_{name}": value for name, value in values.items()}
    environment = Environment.load({"PIRAB_HOME": str(home), **variables})
    environment.secrets_dir.mkdir(parents=True, exist_ok=True)
    for name in ("scan.token", "redis.password", "rspamd.password"):
        (environment.secrets_dir / name).write_text(f"secret-of-{name}\n")
    return Site(environment=environment, dns=dns, nameservers=("192.0.2.53",))


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path: pytest's own directories are longer than a home may be."""
    with tempfile.TemporaryDirectory(prefix="pirab-") as directory:
        yield Path(directory)


def test_a_file_is_written_only_when_its_text_differs(home: Path) -> None:
    target = home / "deep" / "file.conf"
    assert write_if_changed(target, "one") is True
    inode = target.stat().st_ino
    assert write_if_changed(target, "one") is False
    assert target.stat().st_ino == inode
    assert write_if_changed(target, "two", mode=0o600) is True
    assert target.read_text() == "two"
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["file.conf"]


def test_the_stamp_follows_the_text_alone(home: Path) -> None:
    def stamp(smtp_port: str = "2525") -> str:
        rendering = Rendering(make_site(home, SMTP_PORT=smtp_port))
        rendering.file("postfix/master.cf", home / "master.cf")
        return rendering.stamp

    assert stamp() == stamp()
    assert stamp() != stamp("2626")


def test_postfix_adds_rewrites_and_drops_nothing(home: Path) -> None:
    postfix.configure(make_site(home))
    main = (home / "postfix/etc/main.cf").read_text()
    for setting in (
        "local_header_rewrite_clients =",
        "remote_header_rewrite_domain =",
        "message_drop_headers =",
        "header_checks =",
        "lmtp_line_length_limit = 0",
        "smtpd_forbid_bare_newline = normalize",
        "smtpd_forbid_bare_newline_exclusions =",
        "milter_default_action = tempfail",
    ):
        assert re.search(rf"^{re.escape(setting)}$", main, re.MULTILINE), setting
    assert "lmdb:" not in main
    assert "hash:" not in main


@pytest.mark.parametrize(("outbound", "closed"), [("test", True), ("off", True), ("on", False)])
def test_without_leave_the_default_way_out_is_a_refusal(home: Path, outbound: str, closed: bool) -> None:
    postfix.configure(make_site(home, OUTBOUND=outbound))
    main = (home / "postfix/etc/main.cf").read_text()
    assert ("default_transport = error:5.7.1" in main) is closed


@pytest.mark.parametrize(("mode", "allowed"), [("development", True), ("production", False)])
def test_only_development_lets_a_client_pretend_an_address(home: Path, mode: str, allowed: bool) -> None:
    postfix.configure(make_site(home, MODE=mode))
    main = (home / "postfix/etc/main.cf").read_text()
    assert ("smtpd_authorized_xclient_hosts = 127.0.0.0/8" in main) is allowed


@pytest.mark.parametrize(("dns", "off"), [(DnsState.OFF, True), (DnsState.WORKING, False)])
def test_rspamd_asks_the_dns_only_where_it_works(home: Path, dns: DnsState, off: bool) -> None:
    rspamd.configure(make_site(home, dns))
    local = home / "rspamd/etc/local.d"
    for name in ("spf", "dkim", "dmarc", "arc"):
        assert ("enabled = false" in (local / f"{name}.conf").read_text()) is off, name
    assert (local / "rbl.conf").exists() is off
    assert ("192.0.2.53" in (local / "options.inc").read_text()) is not off


def test_scanner_limits_lie_above_the_largest_message(home: Path) -> None:
    site = make_site(home, MESSAGE_SIZE_LIMIT="10000000")
    rspamd.configure(site)
    assert "max_message = 20000000;" in (home / "rspamd/etc/local.d/options.inc").read_text()
    assert "max_size = 20000000;" in (home / "rspamd/etc/local.d/antivirus.conf").read_text()


def test_secrets_in_rendered_files_are_for_their_engine_only(home: Path) -> None:
    rspamd.configure(make_site(home))
    for path in (home / "rspamd/etc/local.d").iterdir():
        assert path.stat().st_mode & 0o007 == 0, path
    assert "secret-of-scan.token" in (home / "rspamd/etc/local.d/milter_headers.conf").read_text()


def test_the_page_policy_lets_nothing_foreign_in(home: Path) -> None:
    policy = dict(rule.split(" ", 1) for rule in nginx.CONTENT_POLICY.split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert "http:" not in nginx.CONTENT_POLICY
    assert "unsafe-eval" not in nginx.CONTENT_POLICY
    assert "unsafe-inline" not in policy["script-src"]
