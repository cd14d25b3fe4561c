"""Passkeys (WebAuthn level 3): registered by a person who is signed in, and proved with, alone or after a password.

A passkey alone counts as two proofs, for it asks for a PIN or a finger (user verification); after a password it need
not. The address of the page is compared whole with this service's own, so a page that looks like it proves nothing.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import struct
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import django.db
from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pirab.core import clock, db
from pirab.core.log import get_logger
from pirab.signin import challenges
from pirab.signin.errors import PasskeyNotFound, PasskeyRefused, SignInRefused, TooManyPasskeys
from pirab.signin.models import Passkey
from pirab.signin.passkey_types import Asked, Given, PasskeyProof, PasskeyView

MOST: Final = 20
"""Passkeys that a person may have."""
LONGEST_NAME: Final = 100
_HANDLE_BYTES: Final = 32
_CHALLENGE_BYTES: Final = 32
_ODD: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    struct.error,
    UnsupportedAlgorithm,
)
"""What the library raises for what is no answer of an authenticator, or not one to this question."""
_log = get_logger(__name__)


def ask_to_register(person_id: int, login: str, name: str) -> Asked:
    """What a browser needs to make a passkey. Raises `TooManyPasskeys`."""
    theirs = Passkey.objects.filter(person_id=person_id).order_by("pk")
    known = [_descriptor(bytes(row.credential_id)) for row in theirs]
    if len(known) >= MOST:
        raise TooManyPasskeys()
    first = theirs.first()
    handle = secrets.token_bytes(_HANDLE_BYTES) if first is None else bytes(first.user_handle)
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    options, _ = _server().register_begin(
        PublicKeyCredentialUserEntity(name=login, id=handle, display_name=name),
        known,
        ResidentKeyRequirement.REQUIRED,
        UserVerificationRequirement.PREFERRED,
        challenge=challenge,
    )
    sealed = challenges.seal(
        "register", {"challenge": _text(challenge), "person": person_id, "handle": _text(handle)}
    )
    return Asked(sealed, dict(options.public_key))


def register(person_id: int, name: str, given: Given) -> PasskeyProof:
    """Keep the passkey that answers `ask_to_register`; what making it has proved is returned.

    Raises `ChallengeRefused`, `PasskeyRefused`, `TooManyPasskeys`.
    """
    asked = challenges.unseal("register", given.state)
    if asked["person"] != person_id:
        raise PasskeyRefused()
    state = {"challenge": asked["challenge"], "user_verification": None}
    try:
        _refuse_frames(RegistrationResponse.from_dict(given.credential).response.client_data.cross_origin)
        made = _server().register_complete(state, given.credential)
        if made.credential_data is None:
            raise PasskeyRefused()
        key = made.credential_data
        public_key = _encoded(key.public_key)
    except _ODD as error:
        raise PasskeyRefused() from error
    with db.transaction():
        challenges.spend(given.state)
        db.execute("select id from directory_person where id = %s for update", (person_id,))
        if Passkey.objects.filter(person_id=person_id).count() >= MOST:
            raise TooManyPasskeys()
        row = _keep(
            Passkey(
                person_id=person_id,
                credential_id=key.credential_id,
                user_handle=_octets(asked["handle"]),
                public_key=public_key,
                sign_count=made.counter,
                name=name,
                is_synced=made.is_backed_up(),
                created_at=clock.now(),
            )
        )
    return PasskeyProof(row.pk, person_id, made.is_user_verified())


def ask(purpose: str, person_id: int | None, session_id: int | None = None) -> Asked:
    """What a browser needs to prove a passkey: any of this service's (`person_id` None), or one of the person's.

    `purpose` and `session_id` are asked for again by `prove`.
    """
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    known = None
    need = UserVerificationRequirement.REQUIRED
    if person_id is not None:
        rows = Passkey.objects.filter(person_id=person_id)
        known = [_descriptor(bytes(row.credential_id)) for row in rows]
        need = UserVerificationRequirement.PREFERRED
    options, _ = _server().authenticate_begin(known, need, challenge=challenge)
    sealed = challenges.seal(
        purpose, {"challenge": _text(challenge), "person": person_id, "session": session_id}
    )
    return Asked(sealed, dict(options.public_key))


def prove(purpose: str, given: Given, person_id: int | None, session_id: int | None = None) -> PasskeyProof:
    """Whose passkey answered, and whether it asked for a PIN or a finger; it must have where nobody is known yet.

    Raises `ChallengeRefused`, `SignInRefused`.
    """
    asked = challenges.unseal(purpose, given.state)
    if (asked["person"], asked["session"]) != (person_id, session_id):
        raise SignInRefused()
    need = UserVerificationRequirement.REQUIRED if person_id is None else None
    try:
        answer = AuthenticationResponse.from_dict(given.credential)
        _refuse_frames(answer.response.client_data.cross_origin)
        row = _row_of(answer, person_id)
        known = AttestedCredentialData.create(Aaguid.NONE, bytes(row.credential_id), _decoded(row))
        state = {"challenge": asked["challenge"], "user_verification": need}
        _server().authenticate_complete(state, [known], answer)
    except _ODD as error:
        raise SignInRefused() from error
    authenticator = answer.response.authenticator_data
    with db.transaction():
        challenges.spend(given.state)
        _count(row, authenticator.counter, is_synced=authenticator.is_backed_up())
    return PasskeyProof(row.pk, row.person_id, authenticator.is_user_verified())


def passkeys_of(person_id: int) -> list[PasskeyView]:
    """The person's passkeys, oldest first."""
    return [
        PasskeyView(row.pk, row.name, row.is_synced, row.created_at, row.last_used_at)
        for row in Passkey.objects.filter(person_id=person_id).order_by("pk")
    ]


def rename(person_id: int, passkey_id: int, name: str) -> None:
    """Raises `PasskeyNotFound` for one that is not the person's."""
    if not Passkey.objects.filter(pk=passkey_id, person_id=person_id).update(name=name):
        raise PasskeyNotFound()


def remove(person_id: int, passkey_id: int) -> None:
    """It proves nothing any more. Raises `PasskeyNotFound` for one that is not the person's."""
    if not Passkey.objects.filter(pk=passkey_id, person_id=person_id).delete()[0]:
        raise PasskeyNotFound()


def remove_all(person_id: int) -> None:
    """None of the person's passkeys proves anything any more."""
    Passkey.objects.filter(person_id=person_id).delete()


def _row_of(answer: AuthenticationResponse, person_id: int | None) -> Passkey:
    row = Passkey.objects.filter(credential_id=answer.raw_id).first()
    if row is None or (person_id is not None and row.person_id != person_id):
        raise SignInRefused()
    handle = answer.response.user_handle
    if handle is None and person_id is not None:
        return row
    if handle is None or not secrets.compare_digest(handle, bytes(row.user_handle)):
        raise SignInRefused()
    return row


def _count(row: Passkey, counter: int, *, is_synced: bool) -> None:
    """A counter that does not rise belongs to a copy of the key (webauthn#sctn-sign-counter); synced ones stay at 0."""
    theirs = Passkey.objects.filter(pk=row.pk)
    rises = theirs.filter(sign_count=0) if counter == 0 else theirs.filter(sign_count__lt=counter)
    if not rises.update(sign_count=counter, is_synced=is_synced, last_used_at=clock.now()):
        _log.warning("signin.passkey_copied", passkey=row.pk, person=row.person_id)
        raise SignInRefused()


def _keep(row: Passkey) -> Passkey:
    try:
        with db.transaction():
            row.save(force_insert=True)
    except django.db.IntegrityError as error:
        raise PasskeyRefused() from error  # somebody has it already
    return row


def _server() -> Fido2Server:
    home = urlsplit(settings.ENVIRONMENT.public_url)
    own = f"{home.scheme}://{home.netloc}"
    party = PublicKeyCredentialRpEntity(name="พิราบ Pirab", id=home.hostname or "localhost")
    return Fido2Server(party, verify_origin=lambda origin: origin == own)


def _refuse_frames(cross_origin: bool | None) -> None:
    """A page of another site that holds ours in a frame proves nothing."""
    if cross_origin:
        raise SignInRefused()


def _descriptor(credential_id: bytes) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=credential_id)


def _encoded(key: CoseKey) -> bytes:
    return cbor.encode(key)


def _decoded(row: Passkey) -> CoseKey:
    key = cbor.decode(bytes(row.public_key))
    if not isinstance(key, Mapping):
        raise SignInRefused()
    return CoseKey.parse(key)


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def _octets(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise PasskeyRefused() from error
