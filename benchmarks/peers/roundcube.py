"""Roundcube over the peer's Dovecot: Debian's package, PHP-FPM with its byte code kept, SQLite, nginx."""

import http.client
import json
import re
import sqlite3
import subprocess
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from benchmarks.mailbox import Profile
from benchmarks.mailbox.profiles import LETTER_2MB_FROM_END, LETTER_20KB_FROM_END
from benchmarks.mailbox.vocabulary import COMMON, DEEP, RARE
from benchmarks.measuring import measure, rate
from benchmarks.peers import dovecot, processes
from benchmarks.results import Results
from benchmarks.surroundings import environment

NAME: Final = "roundcube"
_SCHEMA: Final = Path("/usr/share/roundcube/SQL/sqlite.initial.sql")


def http_port() -> int:
    return environment().ports.http + 803


def up() -> None:
    """Write its configuration and start it; Dovecot must be up."""
    home = processes.home(NAME)
    for part in ("config", "temp", "logs", "sessions", "nginx"):
        (home / part).mkdir(exist_ok=True)
    for shipped in ("defaults.inc.php", "mimetypes.php"):
        (home / "config" / shipped).write_bytes((Path("/etc/roundcube") / shipped).read_bytes())
    (home / "config" / "config.inc.php").write_text(_settings(home))
    (home / "fpm.conf").write_text(_fpm(home))
    (home / "nginx.conf").write_text(_nginx(home))
    database = home / "roundcube.db"
    database.unlink(missing_ok=True)
    with sqlite3.connect(database) as connection:
        connection.executescript(_SCHEMA.read_text())
    subprocess.run(["chown", "-R", "www-data:", str(home)], check=True)
    processes.stop(NAME)
    fpm = sorted(Path("/usr/sbin").glob("php-fpm*"))[-1]
    processes.start(NAME, [str(fpm), "-F", "-y", str(home / "fpm.conf")])
    processes.start(NAME, ["/usr/sbin/nginx", "-c", str(home / "nginx.conf"), "-g", "daemon off;"])
    processes.wait_for(home / "fpm.sock")
    processes.wait_for(http_port())


def down() -> None:
    processes.stop(NAME)


def run(results: Results, profile: Profile) -> None:
    """The same operations, as its page asks for them. It shows no preview in its list."""
    client = _Roundcube()
    cpu = partial(processes.cpu_of, NAME, dovecot.NAME)
    seen = measure(client.open_inbox, 60, cpu, 5)
    _add(results, "inbox", seen.median, seen.cpu, "no preview")
    others = [_Roundcube() for _ in range(8)]
    results.add_peer("Roundcube", "inbox8.rate", rate([each.open_inbox for each in others]))
    letter = dovecot.uid_from_end(LETTER_20KB_FROM_END)
    seen = measure(partial(client.open_letter, letter), 40, cpu, 3)
    _add(results, "letter", seen.median, seen.cpu)
    link = client.attachment_link(dovecot.uid_from_end(LETTER_2MB_FROM_END))
    seen = measure(partial(client.download, link), 15, cpu, 2)
    _add(results, "attachment", seen.median, seen.cpu)
    for kind, word in (("rare", RARE), ("common", COMMON), ("deep", DEEP)):
        found = client.search(word)
        seen = measure(partial(client.search, word), 2, cpu, 0)
        _add(
            results,
            f"search.{kind}",
            seen.median,
            seen.cpu,
            f"{found} of {profile.true_hits(word)} true hits",
        )


def _add(results: Results, name: str, wall: float, cpu: float, note: str = "") -> None:
    results.add_peer("Roundcube", f"{name}.ms", wall, note)
    results.add_peer("Roundcube", f"{name}.cpu", cpu)


class _Roundcube:
    """Somebody signed in, on one kept-alive connection."""

    def __init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", http_port())
        self._cookies: dict[str, str] = {}
        token = self._found(r'name="_token" value="([^"]+)"', self._page("/?_task=login"))
        form = {
            "_token": token,
            "_task": "login",
            "_action": "login",
            "_timezone": "Asia/Bangkok",
            "_url": "",
        }
        self._ask(
            "POST", "/?_task=login", urlencode({**form, "_user": dovecot.USER, "_pass": dovecot.PASSWORD})
        )
        self._token = self._found(r'"request_token":"([^"]+)"', self._page("/?_task=mail"))

    def open_inbox(self) -> None:
        answer = self._remote("_task=mail&_action=list&_mbox=INBOX&_layout=widescreen")
        if answer["exec"].count("add_message_row") < 50:
            raise SystemExit("Roundcube's inbox has no 50 letters")

    def open_letter(self, uid: int) -> None:
        page = self._page(f"/?_task=mail&_action=preview&_mbox=INBOX&_uid={uid}&_framed=1")
        if len(page) < 10_000 or 'class="message-' not in page:
            raise SystemExit("Roundcube showed no letter")

    def attachment_link(self, uid: int) -> str:
        page = self._page(f"/?_task=mail&_action=preview&_mbox=INBOX&_uid={uid}&_framed=1")
        link = self._found(r'href="([^"]*_action=get[^"]*_part=2[^"]*)"', page)
        return link.replace("&amp;", "&") + "&_download=1"

    def download(self, link: str) -> None:
        if not self._ask("GET", link).startswith(b"%PDF"):
            raise SystemExit("not the attachment")

    def search(self, word: str) -> int:
        """How many letters it finds in header and text."""
        wanted = f"_task=mail&_action=search&_q={quote(word)}&_headers=text&_scope=base&_mbox=INBOX&_layout=widescreen"
        return int(self._remote(wanted).get("env", {}).get("messagecount", 0))

    def _remote(self, query: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._ask("GET", f"/?{query}&_remote=1"))
        return answer

    def _page(self, path: str) -> str:
        return self._ask("GET", path).decode()

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if "_remote=1" in path:
            headers |= {"X-Requested-With": "XMLHttpRequest", "X-Roundcube-Request": self._token}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status not in (200, 302):
            raise SystemExit(f"Roundcube answered {answer.status}: {content[:200]!r}")
        return content

    @staticmethod
    def _found(pattern: str, page: str) -> str:
        match = re.search(pattern, page)
        if match is None:
            raise SystemExit(f"Roundcube's page has no {pattern}")
        return match.group(1)


def _settings(home: Path) -> str:
    values = {
        "db_dsnw": f"sqlite:///{home}/roundcube.db?mode=0640",
        "imap_host": f"127.0.0.1:{dovecot.imap_port()}",
        "des_key": "benchmark-only-24-octets",
        "skin": "elastic",
        "log_dir": f"{home}/logs",
        "temp_dir": f"{home}/temp",
    }
    lines = [f"$config['{name}'] = '{value}';" for name, value in values.items()]
    return "\n".join(
        ["<?php", "$config = [];", "$config['plugins'] = [];", "$config['ip_check'] = false;", *lines, ""]
    )


def _fpm(home: Path) -> str:
    return f"""[global]
error_log = {home}/fpm.log
[roundcube]
user = www-data
group = www-data
listen = {home}/fpm.sock
listen.owner = www-data
pm = static
pm.max_children = 8
env[ROUNDCUBE_CONFIG_DIR] = {home}/config
php_admin_value[session.save_path] = {home}/sessions
php_admin_value[memory_limit] = 256M
"""


def _nginx(home: Path) -> str:
    temporary = "\n".join(
        f"  {kind}_temp_path {home}/nginx/{kind};"
        for kind in ("client_body", "fastcgi", "proxy", "uwsgi", "scgi")
    )
    return f"""user www-data;
worker_processes 1;
pid {home}/nginx.pid;
error_log {home}/nginx.log;
events {{ worker_connections 512; }}
http {{
  include /etc/nginx/mime.types;
  access_log off;
{temporary}
  server {{
    listen 127.0.0.1:{http_port()};
    root /var/lib/roundcube/public_html;
    location / {{
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME /var/lib/roundcube/public_html/index.php;
      fastcgi_buffers 16 32k;
      fastcgi_pass unix:{home}/fpm.sock;
    }}
  }}
}}
"""
