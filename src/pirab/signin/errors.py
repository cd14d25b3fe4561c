"""Why somebody is not signed in."""

from __future__ import annotations

from pirab.core.errors import PirabError


class SignInError(PirabError):
    """Not signed in."""


class NothingPresented(SignInError):
    """No credentials were presented."""


class SignInRefused(SignInError):
    """The credentials are wrong."""


class ForgeryRefused(SignInError):
    """A request that changes something and is proven by a cookie must carry `X-Pirab-Request: 1`."""


class TooManyAttempts(SignInError):
    """Too many wrong passwords from here; wait and try again."""

    def __init__(self, retry_after: int) -> None:
        """`retry_after` is in seconds, at least 1."""
        super().__init__()
        self.retry_after = retry_after
