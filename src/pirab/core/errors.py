"""The root of the error tree. A domain error is a class whose docstring is the message a person reads."""

from __future__ import annotations


class PirabError(Exception):
    """Something in Pirab refused to continue."""

    def __init__(self, detail: str | None = None) -> None:
        """`detail` names the case (an identifier, a path); it must never carry mail content or a secret."""
        self.detail = detail
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """First line of the class docstring, followed by the detail of this case."""
        headline = (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]
        return f"{headline.rstrip('.')}: {self.detail}" if self.detail else headline


class TemporaryError(PirabError):
    """The same request may succeed later, with nothing changed by the caller."""
