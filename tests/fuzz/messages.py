"""Strategies: octets that look like mail, and values that a person could want to send."""

import string
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from pirab.wire.compose import Attachment, Draft, MimeNode
from pirab.wire.types import Address

_SHARDS = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b" ", b"\t", b":", b";", b"--", b"--b", b"--b--", b"--c\n", b'"',
        b"\\", b"<", b">", b"(", b")", b"=", b"Subject: ", b"From: ", b"To: ",
        b"Date: Tue, 24 Nov 2026 12:00:00 +0700", b"Message-ID: <a@b>", b"References: ",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n",
        b"Content-Type: multipart/alternative; boundary=\"c\"\n\n", b"Content-Type: text/html; charset=utf-8\r\n",
        b"Content-Type: message/rfc822\r\n", b"Content-Type: multipart/digest; boundary=b\n\n",
        b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Transfer-Encoding: uuencode\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%E0; filename*1=x", b"Content-ID: <", b"=?utf-8?B?",
        b"=?tis-620?Q?", b"?=", b"=E0=B8=81", b"4LiB", b"QQ==", b"begin 644 x\n", b"\0", b"\xe0\xb8\x81",
        b"\xa1\xd1\xb9", b"<p>", b"<!--", b"<style>", b"&nbsp;", b"a@b.test",
    ]
)  # fmt: skip
raw_messages = st.lists(st.one_of(_SHARDS, st.binary(max_size=8)), max_size=60).map(b"".join)

_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=80)
_any_text = st.text(st.characters(), max_size=60)
_label = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
_local = st.text(string.ascii_letters + string.digits + "+_-ก๑ดé", min_size=1, max_size=20)
addresses = st.builds(
    Address, st.none() | _text, st.builds(lambda local, label: f"{local}@{label}.test", _local, _label)
)
evil_addresses = st.builds(Address, st.none() | _any_text, _any_text)
_ids = st.builds(lambda left, right: f"{left}@{right}", _label, _label)
_types = st.sampled_from(
    [
        "text/plain",
        "text/html",
        "text/csv",
        "image/png",
        "application/pdf",
        "message/rfc822",
        "message/global",
    ]
)
_contents = st.one_of(
    st.binary(max_size=300),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300).map(str.encode),
    raw_messages,
)
_FIRST, _LAST = datetime(1971, 1, 1), datetime(2399, 1, 1)  # noqa: DTZ001 - a zone is added below
_moments = st.integers(31_536_000, 13_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
_zones = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC
)
_files = st.builds(
    Attachment,
    type=_types,
    name=st.none() | _any_text,
    data=_contents,
    cid=st.none() | _ids,
    disposition=st.sampled_from(["attachment", "inline"]),
    charset=st.none(),
)
_people = st.lists(addresses, max_size=3).map(tuple)

drafts = st.builds(
    Draft,
    from_=_people,
    to=_people,
    cc=_people,
    bcc=_people,
    subject=st.none() | _text,
    message_id=st.none() | _ids,
    references=st.lists(_ids, max_size=4).map(tuple),
    date=st.none() | st.builds(lambda moment, zone: moment.astimezone(zone), _moments, _zones),
    text=st.none() | st.text(st.characters(), max_size=200),
    html=st.none() | st.text(st.characters(), max_size=200),
    attachments=st.lists(_files, max_size=3).map(tuple),
)
evil_drafts = st.builds(
    Draft,
    from_=st.lists(evil_addresses, max_size=2).map(tuple),
    to=st.lists(evil_addresses, max_size=2).map(tuple),
    subject=st.none() | _any_text,
    message_id=st.none() | _any_text,
    in_reply_to=st.lists(_any_text, max_size=2).map(tuple),
    text=st.none() | _any_text,
    attachments=st.lists(
        st.builds(
            Attachment,
            type=_types | _any_text,
            name=_any_text,
            data=_contents,
            cid=st.none() | _any_text,
            disposition=_any_text,
        ),
        max_size=2,
    ).map(tuple),
    extra_headers=st.lists(st.tuples(_label | _any_text, _any_text), max_size=2).map(tuple),
)

_leaves = st.builds(MimeNode, type=_types, content=_contents, name=st.none() | _any_text)
trees = st.recursive(
    _leaves,
    lambda children: st.builds(
        MimeNode,
        type=st.sampled_from(["multipart/mixed", "multipart/alternative", "multipart/related"]),
        children=st.lists(children, min_size=1, max_size=4).map(tuple),
    ),
    max_leaves=8,
)
