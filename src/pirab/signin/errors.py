"""Why somebody is not signed in, or may not do this now."""

from __future__ import annotations

from pirab.core.errors import PirabError


class SignInError(PirabError):
    """Not signed in."""


class NothingPresented(SignInError):
    """No credentials were presented."""


class SignInRefused(SignInError):
    """The credentials are wrong."""


class SecondFactorNeeded(SignInError):
    """The first proof was right: a second factor has to follow before anything opens."""


class AppPasswordNeeded(SignInRefused):
    """This person has a second factor, so programs sign in with an app password."""


class ForgeryRefused(SignInError):
    """A request that changes something and is proven by a cookie must carry `X-Pirab-Request: 1`."""


class TooManyAttempts(SignInError):
    """Too many wrong passwords from here; wait and try again."""

    def __init__(self, retry_after: int) -> None:
        """`retry_after` is in seconds, at least 1."""
        super().__init__()
        self.retry_after = retry_after


class CredentialError(PirabError):
    """This cannot be done with the person's means of signing in."""


class PresenceNeeded(CredentialError):
    """Only a person who has signed in with a browser may do this, no token."""


class SessionNotFound(CredentialError):
    """No such session."""


class TokenNotFound(CredentialError):
    """No such token."""


class TokenInvalid(CredentialError):
    """A token cannot be made like this; the detail names the member that is wrong."""


class TooManyTokens(CredentialError):
    """This person has as many tokens as anybody may have."""


class PasswordRefused(CredentialError):
    """The new password is not good enough; the detail says why: `too_short`, `known` …"""


class StrongAuthNeeded(CredentialError):
    """This needs a proof of who is there, given a moment ago: a passkey, or a password and a code."""

    def __init__(self, ways: tuple[str, ...], must_enrol: bool) -> None:
        """`ways` this session can prove it; `must_enrol`: there is none yet, a second factor has to be set up first."""
        super().__init__()
        self.ways = ways
        self.must_enrol = must_enrol


class ScopeMissing(CredentialError):
    """The token was not given for this; the detail names the scope that is missing."""


class ChallengeRefused(CredentialError):
    """This question was answered already, is too old, or was never asked; begin again."""


class PasskeyRefused(CredentialError):
    """This is no passkey that can be used here."""


class PasskeyNotFound(CredentialError):
    """No such passkey."""


class TooManyPasskeys(CredentialError):
    """This person has as many passkeys as anybody may have."""


class AlreadyEnrolled(CredentialError):
    """There is an authenticator app already; remove it first."""


class NotEnrolled(CredentialError):
    """There is nothing of this kind to confirm or remove."""


class SecretInvalid(CredentialError):
    """This cannot be kept as a secret."""


class ProviderNotFound(CredentialError):
    """No such identity provider."""


class ProviderFailed(CredentialError):
    """The identity provider did not sign anybody in; the detail says what went wrong."""


class DirectoryInvalid(CredentialError):
    """An agency's directory cannot be asked like this; the detail names the member that is wrong."""


class NobodyMatches(CredentialError):
    """Whoever signed in at the identity provider is nobody we know."""
