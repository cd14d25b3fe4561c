"""The published list of central addresses, for people and machines: every agency has one by rule, and tells it to all.

No sign-in: it is public by law, holds offices and no people, and may be kept by whoever asks.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Router

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory.finding import organisation
from pirab.openapi.shapes import Shape
from pirab.openapi.spreadsheet import csv_rows

router: Final = Router(tags=["directory"], by_alias=True)
_KEPT_SECONDS: Final = 300
"""How long the list is kept in this process, and may be by others."""
_HEADINGS: Final = ("address", "agencyTh", "agencyEn", "abbreviation", "domain", "agencyId")

_kept: dict[str, tuple[float, bytes]] = {}


class SarabanAddressShown(Shape):
    """A central address and the agency that answers for it."""

    address: str
    agency_id: str
    agency_th: str
    agency_en: str
    abbreviation: str
    domain: str


class SarabanAddresses(Shape):
    """All of them, by agency."""

    addresses: list[SarabanAddressShown]


@router.get(
    "/directory/saraban-addresses", response=SarabanAddresses, auth=None, summary="All central addresses"
)
def as_json(request: HttpRequest) -> HttpResponse:
    """Every `saraban@` address of the government as JSON."""
    return _answer(request, "json", "application/json")


@router.get(
    "/directory/saraban-addresses.csv", response={200: str}, auth=None, summary="All central addresses as CSV"
)
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table in UTF-8 with a heading (rfc4180)."""
    return _answer(request, "csv", "text/csv; charset=utf-8; header=present")


def forget_kept() -> None:
    """Have the list made anew for the next who asks."""
    _kept.clear()


def _answer(request: HttpRequest, form: str, media_type: str) -> HttpResponse:
    content = _content(form)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    is_known = tag in [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    response = HttpResponse(
        b"" if is_known else content, content_type=media_type, status=304 if is_known else 200
    )
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"  # public, and the same for everybody
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _content(form: str) -> bytes:
    """The list in this form, made anew when it is older than `_KEPT_SECONDS`."""
    now = clock.now().timestamp()
    made, content = _kept.get(form, (0.0, b""))
    if not 0 <= now - made < _KEPT_SECONDS:
        shown = [_shown(each) for each in organisation.saraban_addresses()]
        content = _as_csv(shown) if form == "csv" else _as_json(shown)
        _kept[form] = now, content
    return content


def _shown(each: organisation.SarabanAddress) -> SarabanAddressShown:
    return SarabanAddressShown(
        address=each.address,
        agency_id=encode_id(IdKind.AGENCY, each.agency_id),
        agency_th=each.name_th,
        agency_en=each.name_en,
        abbreviation=each.abbreviation,
        domain=each.domain,
    )


def _as_json(shown: list[SarabanAddressShown]) -> bytes:
    return msgspec.json.encode({"addresses": [each.model_dump(by_alias=True) for each in shown]})


def _as_csv(shown: list[SarabanAddressShown]) -> bytes:
    rows = (
        [each.address, each.agency_th, each.agency_en, each.abbreviation, each.domain, each.agency_id]
        for each in shown
    )
    return csv_rows(_HEADINGS, rows)
