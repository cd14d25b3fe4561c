"""Signing keys of our mail domains (rfc6376), one RSA key a domain, read by Rspamd alone.

A missing key lets mail leave unsigned with no more than a log line, so ``status`` compares the keys with the domains.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from engines.demo_accounts import demo_accounts
from engines.progress import Failure
from engines.rendering import write_if_changed
from engines.site import SERVICE_USER, make_directory
from pirab.conf.environment import Environment

SELECTOR = "pirab"
_KEY_BITS = 2048
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+"
)


@dataclass(frozen=True)
class KeyRecord:
    """A key and the TXT record that lets others verify with it."""

    path: Path
    record_name: str
    record_value: str


MAPS = ("selectors.map", "selectors-ed25519.map")
"""Which selector signs for a domain (`pirab.domainaudit.keys` writes them, Rspamd watches them)."""


def prepare(environment: Environment) -> None:
    make_directory(environment.dkim_dir, SERVICE_USER, "_rspamd", 0o2750)
    for name in MAPS:
        path = environment.dkim_dir / name
        if not path.exists():
            write_if_changed(path, "", user=SERVICE_USER, group="_rspamd", mode=0o640)


def ensure_key(environment: Environment, domain: str) -> KeyRecord:
    """The key of ``domain`` (ASCII form), made when it is missing; an existing key is never replaced."""
    name = domain.lower()
    if not _DOMAIN.fullmatch(name):
        raise Failure(f"{domain!r} is no domain name", "give it in its ASCII form, such as example.go.th")
    path = environment.dkim_dir / f"{name}.{SELECTOR}.key"
    if not path.exists():
        key = rsa.generate_private_key(65_537, _KEY_BITS)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_if_changed(path, pem.decode(), user=SERVICE_USER, group="_rspamd", mode=0o640)
    private = serialization.load_pem_private_key(path.read_bytes(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    value = f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"
    return KeyRecord(path, f"{SELECTOR}._domainkey.{name}", value)


def demo_domains(environment: Environment) -> set[str]:
    """The ASCII domains of the demo sign-ins."""
    found = {account.email.rpartition("@")[2] for account in demo_accounts(environment)}
    return {domain.encode("idna").decode() if not domain.isascii() else domain for domain in found}


def missing_keys(environment: Environment, domains: set[str]) -> list[str]:
    return sorted(
        domain for domain in domains if not (environment.dkim_dir / f"{domain}.{SELECTOR}.key").exists()
    )
