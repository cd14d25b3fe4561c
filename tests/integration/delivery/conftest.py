"""A scanner that answers what a test tells it, in front of the real pipeline and the real database."""

from collections.abc import Callable

import pytest

from pirab.delivery import actions
from pirab.delivery.types import InboundEnvelope, RecipientReply
from pirab.scanning.types import Action, ScanEnvelope, Verdict


class Scanner:
    """Stands where `/checkv2` would be asked; remembers what it saw."""

    def __init__(self) -> None:
        self.verdict = Verdict(Action.ACCEPT)
        self.error: Exception | None = None
        self.seen: list[tuple[bytes, ScanEnvelope]] = []

    def scan(self, raw: bytes, envelope: ScanEnvelope) -> Verdict:
        self.seen.append((raw, envelope))
        if self.error is not None:
            raise self.error
        return self.verdict


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> Scanner:
    """The scanner of this test; accepts everything until told otherwise."""
    stand_in = Scanner()
    monkeypatch.setattr("pirab.scanning.client.scan", stand_in.scan)
    return stand_in


@pytest.fixture
def receive(scanner: Scanner) -> Callable[..., list[RecipientReply]]:
    """Deliver a message as the LMTP door does: `receive(content, "a@b.test", …, queue_id="4x")`."""

    def deliver(
        content: bytes, *forward_paths: str, reverse_path: str = "out@example.test", queue_id: str = "4x"
    ) -> list[RecipientReply]:
        envelope = InboundEnvelope(reverse_path, forward_paths, queue_id, "192.0.2.1", helo="mx.example.test")
        return actions.receive(content, envelope)

    return deliver
