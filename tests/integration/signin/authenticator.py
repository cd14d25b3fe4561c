"""An authenticator in software: makes passkeys and answers questions, honestly unless told to lie."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


@dataclass
class Authenticator:
    """One key on one device."""

    origin: str = field(default_factory=lambda: settings.ENVIRONMENT.public_url)
    rp_id: str = "localhost"
    flags: AuthenticatorData.FLAG = FLAG.UP | FLAG.UV
    cross_origin: bool = False
    counter: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    handle: bytes | None = None

    def make(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The answer to a question to make a passkey."""
        options = asked["options"]
        self.handle = websafe_decode(options["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        data = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public)
        made = AttestationObject.create("none", self._data(FLAG.AT, data), {})
        client = self._client(CollectedClientData.TYPE.CREATE, options["challenge"])
        response = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(made)}
        return self._answer(asked, response)

    def prove(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The answer to a question to prove it."""
        client = self._client(CollectedClientData.TYPE.GET, asked["options"]["challenge"])
        data = self._data(FLAG(0), b"")
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
        }
        if self.handle is not None:
            response["userHandle"] = websafe_encode(self.handle)
        return self._answer(asked, response)

    def _data(self, more: AuthenticatorData.FLAG, credential: bytes) -> AuthenticatorData:
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        data: AuthenticatorData = AuthenticatorData.create(rp, self.flags | more, self.counter, credential)
        return data

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, challenge, self.origin, self.cross_origin)

    def _answer(self, asked: dict[str, Any], response: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.credential_id)
        credential = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return {
            "state": asked["state"],
            "credential": credential | {"clientExtensionResults": {}},
        }
