"""Signing keys of domains: made here, kept in files beside each other, named to Rspamd by a map that it reads itself.

A file holds the key as Rspamd wants it: PEM for RSA, the 32 octets of the seed in base64 for Ed25519. The directory
belongs to this service and lets Rspamd's group read; its group is inherited by what is written into it.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from django.conf import settings

from pirab.domainaudit.types import Algorithm

RSA_BITS: Final = 2048
_RAW: Final = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
_DER: Final = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
MAPS: Final = {Algorithm.RSA: "selectors.map", Algorithm.ED25519: "selectors-ed25519.map"}
"""Which selector signs for a domain, one line each; `engines/templates/rspamd` names them."""


def make(domain: str, selector: str, algorithm: Algorithm) -> str:
    """Make a key and put it into its file; returns the public half as `p=` has it. An existing file is never replaced:
    raises `FileExistsError`."""
    private, public = _rsa() if algorithm is Algorithm.RSA else _ed25519()
    descriptor = os.open(_path(domain, selector), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, 0o640)  # whatever the umask of the process says
        stream.write(private)
        stream.flush()
        os.fsync(descriptor)
    _settle()
    return public


def public_of(domain: str, selector: str) -> str | None:
    """The public half of an RSA key somebody made before (`./pirab dkim`); None where there is none to read."""
    try:
        private = serialization.load_pem_private_key(_path(domain, selector).read_bytes(), None)
    except (OSError, ValueError):
        return None
    return b64encode(private.public_key().public_bytes(*_DER)).decode()


def forget(domain: str, selector: str) -> None:
    """Delete the private half for good."""
    _path(domain, selector).unlink(missing_ok=True)


def tell_signer(algorithm: Algorithm, signing: Iterable[tuple[str, str]]) -> None:
    """Write the map of (domain, selector) pairs; Rspamd sees the new file within seconds and is not restarted."""
    text = "".join(f"{domain} {selector}\n" for domain, selector in sorted(signing))
    target = settings.ENVIRONMENT.dkim_dir / MAPS[algorithm]
    if target.exists() and target.read_text(encoding="ascii") == text:
        return
    scratch = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    with scratch.open("w", encoding="ascii") as stream:
        os.fchmod(stream.fileno(), 0o640)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.replace(target)
    _settle()


def _path(domain: str, selector: str) -> Path:
    directory: Path = settings.ENVIRONMENT.dkim_dir
    return directory / f"{domain}.{selector}.key"


def _settle() -> None:
    """Have the directory itself on disk, so that a new name in it survives a crash."""
    descriptor = os.open(settings.ENVIRONMENT.dkim_dir, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rsa() -> tuple[bytes, str]:
    key = rsa.generate_private_key(65_537, RSA_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem, b64encode(key.public_key().public_bytes(*_DER)).decode()


def _ed25519() -> tuple[bytes, str]:
    key = ed25519.Ed25519PrivateKey.generate()
    seed = key.private_bytes_raw()
    return b64encode(seed), b64encode(key.public_key().public_bytes(*_RAW)).decode()
