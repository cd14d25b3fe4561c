"""A message that travels the whole way: SMTP in, scanned, stored, read by JMAP and removed again."""

import base64
import json
import secrets
import smtplib
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from typing import Any

from engines.demo_accounts import demo_accounts
from engines.progress import Failure
from engines.rendering import write_if_changed
from engines.site import Site
from pirab.conf.environment import Environment

ADDRESS = "selfcheck@pirab.test"
_SENDER = "selfcheck@outside.test"
_PATIENCE_SECONDS = 45.0


@dataclass(frozen=True)
class Outcome:
    """``accepted_seconds``: until SMTP said 250, scanning included; ``seen_seconds``: until JMAP showed it."""

    ok: bool
    at: float
    accepted_seconds: float | None = None
    seen_seconds: float | None = None
    error: str | None = None


def run(site: Site) -> Outcome:
    """Send and look; the outcome is kept for ``status``. Raises `Failure` when the message does not arrive."""
    try:
        outcome = _travel(site.environment)
    except Failure as failure:
        _keep(site.environment, Outcome(ok=False, at=time.time(), error=failure.what))
        raise
    _keep(site.environment, outcome)
    return outcome


def last(environment: Environment) -> dict[str, Any] | None:
    """What the last run wrote; none before the first."""
    try:
        found: dict[str, Any] = json.loads((environment.run_dir / "selfcheck.json").read_text())
    except (OSError, ValueError):
        return None
    return found


def _travel(environment: Environment) -> Outcome:
    client = _JmapClient(environment, *_credentials(environment))
    mark = secrets.token_hex(8)
    begun = time.monotonic()
    _send(environment, mark)
    accepted = time.monotonic() - begun
    while time.monotonic() - begun < _PATIENCE_SECONDS:
        email_id = client.find(mark)
        if email_id is not None:
            seen = time.monotonic() - begun
            client.destroy(email_id)
            return Outcome(True, time.time(), round(accepted, 3), round(seen, 3))
        time.sleep(0.1)
    raise Failure(
        f"the self-check message was accepted but not seen within {_PATIENCE_SECONDS:.0f} s",
        "follow it with: ./pirab logs mail; then ./pirab logs lmtp and ./pirab status",
    )


def _send(environment: Environment, mark: str) -> None:
    text = (
        f"From: Self-check <{_SENDER}>\r\nTo: <{ADDRESS}>\r\nSubject: Self-check {mark}\r\n"
        f"Message-ID: <{mark}@outside.test>\r\nDate: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "This message proves that mail travels. It removes itself.\r\n"
    )
    try:
        with smtplib.SMTP(
            environment.bind_address, environment.ports.smtp, "outside.test", timeout=70
        ) as client:
            client.sendmail(_SENDER, [ADDRESS], text)
    except (OSError, smtplib.SMTPException) as error:
        raise Failure(
            f"the self-check message was not accepted: {error}",
            "./pirab logs mail shows why; ./pirab status shows which process is down",
        ) from None


def _credentials(environment: Environment) -> tuple[str, str]:
    password = next((entry.password for entry in demo_accounts(environment) if entry.email == ADDRESS), None)
    if password is None:
        raise Failure(f"the account {ADDRESS} is not among the demo accounts", "run ./pirab demo")
    return ADDRESS, password


class _JmapClient:
    """Just enough of rfc8620 and rfc8621 to find one message and remove it."""

    def __init__(self, environment: Environment, login: str, password: str) -> None:
        self._base = f"http://{environment.bind_address}:{environment.ports.http}"
        self._sign_in = "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()
        session = self._request("/.well-known/jmap", None)
        self._account = session["primaryAccounts"]["urn:ietf:params:jmap:mail"]
        self._api = "/" + str(session["apiUrl"]).split("://", 1)[-1].partition("/")[2].lstrip("/")

    def find(self, mark: str) -> str | None:
        newest = {"sort": [{"property": "receivedAt", "isAscending": False}], "limit": 20}
        reference = {"resultOf": "q", "name": "Email/query", "path": "/ids"}
        answers = self._call(
            ["Email/query", {"accountId": self._account, **newest}, "q"],
            [
                "Email/get",
                {"accountId": self._account, "#ids": reference, "properties": ["id", "subject"]},
                "g",
            ],
        )
        found = answers[-1][1].get("list", [])
        return next((entry["id"] for entry in found if mark in str(entry.get("subject"))), None)

    def destroy(self, email_id: str) -> None:
        self._call(["Email/set", {"accountId": self._account, "destroy": [email_id]}, "d"])

    def _call(self, *calls: list[object]) -> list[Any]:
        using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"]
        answers: list[Any] = self._request(self._api, {"using": using, "methodCalls": list(calls)})[
            "methodResponses"
        ]
        for name, arguments, _ in answers:
            if name == "error":
                raise Failure(
                    f"JMAP answered {arguments.get('type')}",
                    "./pirab logs app shows why",
                    json.dumps(arguments),
                )
        return answers

    def _request(self, path: str, body: dict[str, object] | None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - the address is ours
            self._base + path,
            data=json.dumps(body).encode() if body is not None else None,
            headers={
                "Authorization": self._sign_in,
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                decoded: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            detail = error.read(2000).decode("utf-8", "replace")
            raise Failure(f"{path} answered {error.code}", "./pirab logs app shows why", detail) from None
        except (OSError, ValueError) as error:
            raise Failure(
                f"{path} cannot be read: {error}", "./pirab status shows which process is down"
            ) from None
        return decoded


def _keep(environment: Environment, outcome: Outcome) -> None:
    write_if_changed(environment.run_dir / "selfcheck.json", json.dumps(asdict(outcome)) + "\n")
