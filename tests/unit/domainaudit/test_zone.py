"""Zone files, read back by another implementation."""

from __future__ import annotations

import dns.zone
from hypothesis import given
from hypothesis import strategies as st

from pirab.domainaudit.types import Record, RecordKind
from pirab.domainaudit.zone import text_strings, zone_file


def read(text: str) -> dns.zone.Zone:
    return dns.zone.from_text(text, origin="a.go.th.", relativize=False, check_origin=False)


def test_a_zone_file_is_read_by_a_name_server_library() -> None:
    key = "v=DKIM1; k=rsa; p=" + "A" * 400
    records = [
        Record("mx", RecordKind.MX, "a.go.th", "MX", "10 mail.test.", is_required=True),
        Record("dkim", RecordKind.DKIM, "s._domainkey.a.go.th", "TXT", key, is_required=True),
        Record("srv", RecordKind.SERVICE, "_x._tcp.a.go.th", "SRV", "0 1 587 mail.test.", is_required=False),
    ]
    zone = read(zone_file("a.go.th", records))
    [signing] = zone.find_rdataset("s._domainkey.a.go.th.", "TXT")
    assert [len(piece) for piece in signing.strings] == [255, len(key) - 255]
    assert b"".join(signing.strings).decode() == key
    assert str(zone.find_rdataset("a.go.th.", "MX")[0]) == "10 mail.test."


@given(st.text(max_size=700))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    zone = read(f"a.go.th. 60 IN TXT {text_strings(text)}\n")
    [found] = zone.find_rdataset("a.go.th.", "TXT")
    assert all(len(piece) <= 255 for piece in found.strings)
    assert b"".join(found.strings).decode() == text
