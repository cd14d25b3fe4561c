"""Mail that people bring along: `/api/v1/accounts/{account_id}/imports`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field, StringConstraints

from pirab.core.ids import IdError, IdKind, decode_id, encode_id
from pirab.directory.types import Right
from pirab.openapi.accounts import account_for
from pirab.openapi.bodies import octets
from pirab.transfer import imports
from pirab.transfer.errors import ImportClosed, ImportNotFound, ImportTooLarge, TooManyImports, WrongPlace
from pirab.transfer.types import Import, ImportFormat, ImportState

router: Final = Router(tags=["imports"])
_ALL: Final = "/accounts/{account_id}/imports"
_ONE: Final = f"{_ALL}/{{import_id}}"

REASONS: Final = {
    "notMail": ("ไม่ใช่จดหมาย", "Not a letter"),
    "encrypted": ("ไฟล์เข้ารหัสไว้", "The file is encrypted"),
    "broken": ("ไฟล์เสียหาย", "The file is damaged"),
    "tooLarge": ("ใหญ่เกินกำหนด", "Larger than allowed"),
    "overQuota": ("พื้นที่จดหมายเต็ม", "The account is full"),
    "infected": ("พบไวรัสหรือถูกปฏิเสธ", "A virus was found, or the scanner refused it"),
    "notZip": ("ไม่ใช่ไฟล์ ZIP หรือไฟล์ไม่ครบ", "Not a ZIP file, or not all of it"),
    "tooManyFiles": ("มีไฟล์มากเกินไป", "Too many files"),
    "tooMuch": ("เมื่อคลายไฟล์แล้วใหญ่เกินไป", "Too large once unpacked"),
    "tooManyProblems": ("สิ่งที่ไม่ใช่จดหมายมีมากเกินไป", "Too much of it is not mail"),
}


class Wanted(Schema):
    """What is going to be brought along. `name` and `size` (octets) help its owner to know the file again when they
    go on after a cut."""

    format: ImportFormat = ImportFormat.ZIP
    name: Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    size: Annotated[int, Field(ge=0)] | None = None


class Problem(Schema):
    """What could not be imported, and why in Thai and English."""

    name: str
    code: str
    th: str
    en: str


class ImportStatus(Schema):
    """An import: `received` of `size` octets (null: not said) are here. `progress` is the part of the work that is
    done, from 0 to 1, null until it begins. The other numbers count letters."""

    id: str
    format: ImportFormat
    state: ImportState
    name: str
    size: int | None
    received: int
    progress: float | None
    imported: int
    duplicates: int
    problems: int
    created: datetime
    expires: datetime


def _status(found: Import) -> ImportStatus:
    return ImportStatus(
        id=encode_id(IdKind.TRANSFER, found.id),
        format=found.format,
        state=found.state,
        name=found.name,
        size=found.size,
        received=found.octets,
        progress=_progress(found),
        imported=found.imported,
        duplicates=found.duplicates,
        problems=found.problems,
        created=found.created_at,
        expires=found.created_at + imports.KEPT_FOR,
    )


def _progress(found: Import) -> float | None:
    if found.state is ImportState.DONE:
        return 1.0
    return min(found.place / found.total, 1.0) if found.total else None


@router.post(_ALL, response={201: ImportStatus}, summary="Begin an import")
def begin(request: HttpRequest, account_id: str, wanted: Wanted) -> Status[ImportStatus]:
    """Make room for a file; send it in parts, then start."""
    account = account_for(request, account_id, Right.WRITE)
    try:
        made = imports.begin_import(account, wanted.format, wanted.name, wanted.size)
    except TooManyImports as error:
        raise HttpError(409, error.message) from error
    except ImportTooLarge as error:
        raise HttpError(413, error.message) from error
    return Status(201, _status(imports.import_of(account, made)))


@router.get(_ALL, response=list[ImportStatus], summary="All imports")
def listing(request: HttpRequest, account_id: str) -> list[ImportStatus]:
    """The account's imports, the newest first; each is kept for three days."""
    return [_status(found) for found in imports.imports_of(account_for(request, account_id, Right.WRITE))]


@router.get(_ONE, response=ImportStatus, summary="How far an import is")
def status(request: HttpRequest, account_id: str, import_id: str) -> ImportStatus:
    """One import; after a cut, `received` says where to go on."""
    return _status(_import(account_for(request, account_id, Right.WRITE), import_id))


@router.put(f"{_ONE}/content", response=ImportStatus, summary="Send a part of the file")
def content(request: HttpRequest, account_id: str, import_id: str, start: int = 0) -> ImportStatus:
    """The body is at most 16,000,000 octets of the file from `start` on. A part may be sent again."""
    account = account_for(request, account_id, Right.WRITE)
    found = _import(account, import_id)
    try:
        imports.add_part(account, found.id, start, octets(request, imports.LARGEST_PART))
    except WrongPlace as error:
        raise HttpError(409, f"The next part begins at {found.octets}.") from error
    except ImportClosed as error:
        raise HttpError(409, error.message) from error
    except ImportTooLarge as error:
        raise HttpError(413, error.message) from error
    return _status(_import(account, import_id))


@router.post(f"{_ONE}/start", response=ImportStatus, summary="Start an import")
def start(request: HttpRequest, account_id: str, import_id: str) -> ImportStatus:
    """All parts are there: have the letters scanned and filed."""
    account = account_for(request, account_id, Right.WRITE)
    imports.start_import(account, _import(account, import_id).id)
    return _status(_import(account, import_id))


@router.get(f"{_ONE}/problems", response=list[Problem], summary="What could not be imported")
def problems(request: HttpRequest, account_id: str, import_id: str) -> list[Problem]:
    """A line for each file or letter that was passed over."""
    account = account_for(request, account_id, Right.WRITE)
    found = imports.problems_of(account, _import(account, import_id).id)
    return [Problem(name=name, code=code, th=REASONS[code][0], en=REASONS[code][1]) for name, code in found]


@router.delete(_ONE, response={204: None}, summary="Delete an import")
def delete(request: HttpRequest, account_id: str, import_id: str) -> Status[None]:
    """The uploaded file is gone; what has been imported stays."""
    account = account_for(request, account_id, Right.WRITE)
    imports.delete_import(account, _import(account, import_id).id)
    return Status(204, None)


def _import(account: int, import_id: str) -> Import:
    try:
        return imports.import_of(account, decode_id(IdKind.TRANSFER, import_id))
    except (IdError, ImportNotFound) as error:
        raise HttpError(404, "No such import.") from error
