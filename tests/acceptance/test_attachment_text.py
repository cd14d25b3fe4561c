"""A letter that came by SMTP is found by what stands inside its attachment, once the worker has opened it."""

from __future__ import annotations

import time
from email.message import EmailMessage

from tests.acceptance.people import open_account
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import SENDER, new_message_id, submit
from tests.acceptance.system import System
from tests.integration.extraction import papers


def test_found_by_the_words_of_its_pdf(system: System) -> None:
    person = open_account(system)
    reader = Reader(system, person)
    message_id = new_message_id()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = SENDER, person.email, f"<{message_id}>"
    letter["Subject"], letter["Date"] = "ส่งเอกสาร", "Tue, 24 Nov 2026 09:00:00 +0700"
    letter.set_content("ตามแนบ")
    letter.add_attachment(
        papers.pdf("ระเบียบงานสารบรรณ"), maintype="application", subtype="pdf", filename="ระเบียบ.pdf"
    )
    assert submit(system, letter.as_bytes(), person.email).code == 250
    email = reader.wait_for(message_id)
    deadline = time.monotonic() + 60
    while not (found := reader.call("Email/query", filter={"body": "งานสารบรรณ"})["ids"]):
        assert time.monotonic() < deadline, "the attachment was not read within a minute"
        time.sleep(0.2)
    assert found == [email.id]
