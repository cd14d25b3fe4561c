"""Domains that stand for others."""

from __future__ import annotations

import pytest

from pirab.directory import actions, queries
from pirab.directory.errors import AliasInvalid, DomainInUse
from pirab.directory.models import Domain
from pirab.directory.types import AgencyFacts, GroupFacts, GroupKind
from pirab.personnel.provisioning import open_personal_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def domains() -> dict[str, int]:
    """Three domains of one agency and one of another."""
    agency = actions.create_agency(None, AgencyFacts("กรม"))
    other = actions.create_agency(None, AgencyFacts("อื่น"))
    made = {name: actions.open_domain(f"{name}.go.test", agency) for name in ("main", "old", "third")}
    return made | {"other": actions.open_domain("other.go.test", other)}


def test_mail_to_any_local_part_of_an_alias_reaches_the_same_of_the_main_domain(
    domains: dict[str, int],
) -> None:
    person = open_personal_account("somchai@main.go.test", "สมชาย")
    actions.stand_for(domains["old"], domains["main"])
    found = queries.resolve_recipients(
        ["Somchai+x@OLD.go.test", "nobody@old.go.test", "somchai@third.go.test"]
    )
    assert {spelling: each.account_id for spelling, each in found.items()} == {
        "Somchai+x@OLD.go.test": person.account_id
    }
    assert found["Somchai+x@OLD.go.test"].address == "somchai@main.go.test"
    assert queries.is_local_domain("old.go.test")


def test_an_address_of_its_own_comes_before_the_alias(domains: dict[str, int]) -> None:
    main = open_personal_account("a@main.go.test", "ก")
    own = open_personal_account("a@old.go.test", "ข")
    actions.stand_for(domains["old"], domains["main"])
    found = queries.resolve_recipients(["a@old.go.test", "a@main.go.test"])
    assert found["a@old.go.test"].account_id == own.account_id
    assert found["a@main.go.test"].account_id == main.account_id
    assert "a@old.go.test" not in {each.address for each in queries.addresses_of(main.account_id)}


def test_groups_are_reached_too(domains: dict[str, int]) -> None:
    agency = Domain.objects.get(pk=domains["main"]).agency_id
    group = actions.create_group(agency, "all@main.go.test", GroupFacts(GroupKind.PEOPLE, "ทุกคน"))
    actions.stand_for(domains["old"], domains["main"])
    assert queries.groups_at(["all@old.go.test"])["all@old.go.test"].id == group


def test_the_alias_may_stand_in_from(domains: dict[str, int]) -> None:
    person = open_personal_account("somchai@main.go.test", "สมชาย")
    actions.stand_for(domains["old"], domains["main"])
    assert [each.address for each in queries.addresses_of(person.account_id)] == [
        "somchai@main.go.test",
        "somchai@old.go.test",
    ]
    principal = queries.principal(person.person_id)
    assert principal is not None
    assert queries.may_send_as(principal, "somchai@old.go.test")
    assert not queries.may_send_as(principal, "somchai@third.go.test")


def test_chains_circles_and_strangers_are_refused(domains: dict[str, int]) -> None:
    actions.stand_for(domains["old"], domains["main"])
    for domain, main in (
        ("main", "old"),
        ("main", "third"),
        ("third", "old"),
        ("third", "third"),
        ("third", "other"),
    ):
        with pytest.raises(AliasInvalid):
            actions.stand_for(domains[domain], domains[main])
    actions.stand_for(domains["old"], None)
    actions.stand_for(domains["main"], domains["third"])


def test_a_closed_main_domain_reaches_nobody(domains: dict[str, int]) -> None:
    open_personal_account("somchai@main.go.test", "สมชาย")
    actions.stand_for(domains["old"], domains["main"])
    with pytest.raises(DomainInUse):
        actions.close_domain(domains["main"])
    actions.shut_domain(domains["main"])
    assert queries.resolve_recipient("somchai@old.go.test") is None
