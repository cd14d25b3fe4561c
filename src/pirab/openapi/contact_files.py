"""Contacts in and out as files: `/api/v1/accounts/{account_id}/contact-imports`, `contacts.vcf` and `contacts.csv`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja import Query, Router, Status
from ninja.errors import HttpError

from pirab.contacts import importing, queries
from pirab.contacts.errors import ImportNotFound
from pirab.contacts.importing import Import
from pirab.core.ids import IdKind, encode_id
from pirab.directory.types import Right
from pirab.openapi.accounts import account_for
from pirab.openapi.keys import key_of
from pirab.openapi.shapes import Shape
from pirab.openapi.spreadsheet import csv_rows
from pirab.wire.vcard import CsvStyle, VcardVersion, table_rows, write_vcards

router: Final = Router(tags=["contacts"], by_alias=True)
_ALL: Final = "/accounts/{account_id}/contact-imports"
_AT_ONCE: Final = 1_000

REASONS: Final = {
    "badAddress": ("ที่อยู่อีเมลไม่ถูกต้อง", "Not an e-mail address"),
    "empty": ("ไม่มีชื่อและที่อยู่อีเมล", "Neither a name nor an address"),
    "broken": ("ข้อมูลไม่ครบหรือเสียหาย", "Incomplete or damaged"),
    "tooLarge": ("ใหญ่เกินกำหนด", "Larger than allowed"),
    "notACard": ("ข้อมูลบางช่องใช้ไม่ได้", "Something in it cannot be kept"),
    "noHeadings": ("ไม่พบหัวคอลัมน์ที่รู้จัก เช่น ชื่อ หรือ อีเมล", "No known headings such as Name or E-mail"),
    "tooMany": ("มีมากกว่า 20,000 แถว", "More than 20,000 rows"),
}


class RowProblem(Shape):
    """A row that was not taken, and why in Thai and English."""

    row: int
    code: str
    value: str
    th: str
    en: str


class ImportShown(Shape):
    """An import. `passedOver`: contacts whose address was there already. `errors`: the first 500."""

    id: str
    name: str
    imported_at: datetime
    made: int
    passed_over: int
    errors: list[RowProblem]
    undone_at: datetime | None


class Imports(Shape):
    """The newest first."""

    items: list[ImportShown]


class Undone(Shape):
    """How many contacts were taken back; those changed since stay."""

    removed: int


@router.post(_ALL, response={201: ImportShown}, summary="Bring contacts along")
def bring(
    request: HttpRequest,
    account_id: str,
    name: Annotated[str, Query(max_length=255, description="The file's name.")] = "",
) -> Status[ImportShown]:
    """The body is the file: vCard 2.1 to 4.0, or a table of Gmail, Outlook or Thai headings; UTF-8, UTF-16 or TIS-620;
    32 MiB, 20,000 contacts. Contacts whose address is known are passed over. 422 for what is none of these."""
    key = account_for(request, account_id, Right.WRITE)
    if int(request.headers.get("Content-Length") or 0) > importing.LARGEST_FILE:
        raise HttpError(413, "The file is too large.")
    try:
        octets = request.read(importing.LARGEST_FILE + 1)
    except UnreadablePostError as error:
        raise HttpError(400, "The file did not come in whole.") from error
    if len(octets) > importing.LARGEST_FILE:
        raise HttpError(413, "The file is too large.")
    return Status(201, _shown(importing.import_file(key, name, octets)))


@router.get(_ALL, response=Imports, summary="Contacts brought along before")
def list_imports(request: HttpRequest, account_id: str) -> Imports:
    """The newest fifty."""
    key = account_for(request, account_id, Right.READ)
    return Imports(items=[_shown(each) for each in importing.imports_of(key)])


@router.delete(f"{_ALL}/{{import_id}}", response=Undone, summary="Undo an import")
def undo(request: HttpRequest, account_id: str, import_id: str) -> Undone:
    """Takes back its contacts, but for those changed since."""
    key = account_for(request, account_id, Right.WRITE)
    return Undone(removed=importing.undo(key, key_of(IdKind.TRANSFER, import_id, ImportNotFound)))


@router.get("/accounts/{account_id}/contacts.vcf", response={200: str}, summary="All contacts as vCard")
def vcards(
    request: HttpRequest,
    account_id: str,
    version: Annotated[VcardVersion, Query(description="3.0 or 4.0.")] = VcardVersion.V4,
) -> HttpResponse:
    """Every card of the account."""
    cards = _contents(account_for(request, account_id, Right.READ))
    return _file(b"".join(write_vcards(cards, version)), "text/vcard; charset=utf-8", "contacts.vcf")


@router.get("/accounts/{account_id}/contacts.csv", response={200: str}, summary="All contacts as a table")
def table(
    request: HttpRequest,
    account_id: str,
    style: Annotated[CsvStyle, Query(description="Whose headings.")] = CsvStyle.GOOGLE,
) -> HttpResponse:
    """Every card of the account but groups; no cell is a formula."""
    cards = _contents(account_for(request, account_id, Right.READ))
    headings, rows = table_rows([card for card in cards if card.get("kind") != "group"], style)
    return _file(csv_rows(headings, rows), "text/csv; charset=utf-8; header=present", f"contacts-{style}.csv")


def _contents(account: int) -> list[dict[str, object]]:
    keys = queries.matching(account, None, [])
    chunks = (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
    return [row.content for chunk in chunks for row in queries.cards(account, chunk)]


def _file(octets: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(octets, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _shown(found: Import) -> ImportShown:
    return ImportShown(
        id=encode_id(IdKind.TRANSFER, found.id),
        name=found.file_name,
        imported_at=found.imported_at,
        made=found.made,
        passed_over=found.passed_over,
        errors=[
            RowProblem(
                row=each.row,
                code=each.code,
                value=each.value,
                th=REASONS[each.code][0],
                en=REASONS[each.code][1],
            )
            for each in found.errors
        ],
        undone_at=found.undone_at,
    )
