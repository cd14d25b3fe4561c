"""The values of filtering."""

from __future__ import annotations

from datetime import datetime

import msgspec


class VacationResponse(msgspec.Struct, frozen=True):
    """rfc8621#8. Times are aware UTC; `from_date` is the first moment, `to_date` the first moment after."""

    is_enabled: bool = False
    from_date: datetime | None = None
    to_date: datetime | None = None
    subject: str | None = None
    text_body: str | None = None
    html_body: str | None = None

    def is_active(self, now: datetime) -> bool:
        """Whether letters that come in `now` are answered."""
        return (
            self.is_enabled
            and (self.from_date is None or self.from_date <= now)
            and (self.to_date is None or now < self.to_date)
        )


class ScriptRow(msgspec.Struct, frozen=True):
    """A Sieve script (rfc9661#2); `digest` is the SHA-256 of its octets, which are a blob."""

    id: int
    name: str
    digest: bytes
    is_active: bool
