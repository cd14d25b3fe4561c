"""Disposition notifications on their way out (rfc8098#3)."""

from __future__ import annotations

from pirab.core import clock
from pirab.store import actions as store
from pirab.store.types import Delivery
from pirab.submission import receipts
from pirab.submission.automatic import Fate
from pirab.wire.mdn import Disposition, parse_mdn
from tests.conftest import Member, letter
from tests.integration.submission.conftest import Desk, FakeScanner, inbox
from tests.integration.submission.fake_postfix import FakePostfix

RECEIPT = {
    "disposition": {
        "actionMode": "manual-action",
        "sendingMode": "mdn-sent-manually",
        "type": "displayed",
    }
}


def leave(desk: Desk, to: str) -> Fate:
    author = (desk.principal.name, desk.member.email)
    message = store.ensure_message(letter(subject="ถามข่าว"))
    store.deliver(message, [Delivery(desk.member.account_id, clock.now())])
    return receipts.send(message.digest, author, to, RECEIPT, "0123456789")


def test_it_leaves_with_a_null_reverse_path(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> None:
    assert leave(desk, "outside@example.test") is Fate.SENT
    [sent] = postfix.messages
    assert any(line.upper().startswith("MAIL FROM:<>") for line in postfix.commands)
    assert any(line.upper().startswith("RCPT TO:<OUTSIDE@EXAMPLE.TEST>") for line in postfix.commands)
    found = parse_mdn(sent)
    assert found is not None
    expected = Disposition(action_mode="manual-action", sending_mode="mdn-sent-manually", type="displayed")
    assert found.disposition == expected
    assert found.final_recipient == f"rfc822; {desk.member.email}"
    assert "เปิดอ่าน" in (found.text or "")


def test_inside_it_is_delivered_and_when_nobody_takes_it_it_waits(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix, stranger: Member
) -> None:
    assert leave(desk, stranger.email) is Fate.SENT
    assert parse_mdn(inbox(stranger.account_id)[0]) is not None
    postfix.replies["MAIL"] = "451 4.3.0 later"
    assert leave(desk, "outside@example.test") is Fate.LATER
