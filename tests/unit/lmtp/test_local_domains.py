"""A yes is remembered for a moment, a no never, and nobody can fill the memory."""

import pytest
from django.db import OperationalError

from pirab.lmtp.local_domains import MOST_REMEMBERED, REMEMBERED_SECONDS, LocalDomains


class Directory:
    """Stands for the directory; counts what it is asked."""

    def __init__(self, *local: str) -> None:
        self.local = set(local)
        self.asked: list[str] = []
        self.now = 100.0

    def is_local(self, domain: str) -> bool:
        self.asked.append(domain)
        return domain in self.local or domain.startswith("odd")

    def domains(self) -> LocalDomains:
        return LocalDomains(self.is_local, lambda: self.now)


def test_a_yes_is_asked_once_until_it_is_old() -> None:
    directory = Directory("moi.go.test")
    domains = directory.domains()
    assert [domains.holds("moi.go.test") for _ in range(5)] == [True] * 5
    assert len(directory.asked) == 1
    directory.local.clear()
    directory.now += REMEMBERED_SECONDS
    assert not domains.holds("moi.go.test")


def test_a_new_domain_is_known_at_once() -> None:
    directory = Directory()
    domains = directory.domains()
    assert not domains.holds("new.go.test")
    directory.local.add("new.go.test")
    assert domains.holds("new.go.test")


def test_the_memory_is_bounded() -> None:
    directory = Directory()
    domains = directory.domains()
    for number in range(3 * MOST_REMEMBERED):
        assert domains.holds(f"odd{number}")
    assert len(domains._until) <= MOST_REMEMBERED


def test_an_error_is_passed_on_and_not_remembered() -> None:
    def away(domain: str) -> bool:
        raise OperationalError

    domains = LocalDomains(away)
    with pytest.raises(OperationalError):
        domains.holds("moi.go.test")
