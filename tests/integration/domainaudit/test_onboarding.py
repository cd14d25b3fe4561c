"""From a claim to a domain in order, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from pirab.core import clock
from pirab.directory import actions as directory
from pirab.directory import queries as reading
from pirab.directory.errors import DomainInUse, LimitReached
from pirab.directory.types import AccountKind, AgencyFacts, DutyKind, Limits
from pirab.domainaudit import audit, claims, hooks, queries, rotation
from pirab.domainaudit.errors import (
    DomainTaken,
    NameInvalid,
    NameLookalike,
    NameReserved,
    NotProven,
    NotReceiving,
    RotationRefused,
)
from pirab.domainaudit.models import Claim, SigningKey
from pirab.domainaudit.types import KeyState, Oddity, RecordState, State
from tests.integration.domainaudit.conftest import publish_all, publish_proof
from tests.integration.domainaudit.name_server import NameServer, failing

pytestmark = pytest.mark.django_db
_COMMITTED = pytest.mark.django_db(transaction=True)
"""For what happens when a transaction has committed."""


def states(seen: list) -> dict[str, RecordState]:  # type: ignore[type-arg]
    return {one.record.key: one.verdict.state for one in seen}


def proven(names: NameServer, agency: int, name: str = "kasikorn.go.th") -> int:
    claim = claims.claim(agency, name, None)
    publish_proof(names, claim)
    audit.look(claim)
    return claim


def working(names: NameServer, agency: int, name: str = "kasikorn.go.th") -> int:
    claim = proven(names, agency, name)
    publish_all(names, claim)
    claims.activate(claim)
    audit.look(claim)
    return claim


def test_a_domain_goes_from_claimed_to_complete(names: NameServer, agency: int) -> None:
    claim = claims.claim(agency, "Kasikorn.go.th.", None)
    assert states(audit.look(claim)) == {"ownership": RecordState.MISSING}
    assert queries.domain(claim).state is State.CLAIMED
    with pytest.raises(NotProven):
        claims.activate(claim)
    publish_proof(names, claim)
    seen = states(audit.look(claim))
    assert queries.domain(claim).state is State.PROVEN
    assert seen["ownership"] is RecordState.FOUND
    assert seen["mx"] is RecordState.MISSING
    assert not reading.is_local_domain("kasikorn.go.th"), "proven is not yet in use"
    claims.activate(claim)
    claims.activate(claim)
    assert reading.is_local_domain("kasikorn.go.th")
    assert queries.domain(claim).state is State.RECEIVING
    publish_all(names, claim)
    assert set(states(audit.look(claim)).values()) == {RecordState.FOUND}
    assert queries.domain(claim).state is State.COMPLETE
    told = [(line.key, line.after) for line in queries.history(claim, None, 200)]
    assert ("state", "proven") in told
    assert ("mx", "found") in told


def test_names_that_nobody_may_claim(names: NameServer, agency: int) -> None:
    other = directory.create_agency(None, AgencyFacts("อื่น"))
    directory.ensure_domain("moi.go.th", other)
    for text in ("", "x", "a..go.th", "[192.0.2.1]", "x" * 64 + ".go.th", "-a.go.th", "a b.go.th", "1.2.3.4"):
        with pytest.raises((NameInvalid, NameLookalike)):
            claims.claim(agency, text, None)
    for text in (
        "go.th",
        "รัฐบาล.ไทย",
        "x.example",
        "foo.localhost",
        "x.onion",
        "mail.pirab.test",
        "a.example.com",
    ):
        with pytest.raises(NameReserved):
            claims.claim(agency, text, None)
    # Cyrillic, a script within a word, the vowel twice, and what looks like the ministry's own.
    for text in ("mоi.go.th", "กรมa.go.th", "เเผนที่.go.th", "m0i.go.th", "rnoi.go.th", "m-oi.go.th"):
        with pytest.raises(NameLookalike):
            claims.claim(agency, text, None)
    with pytest.raises(DomainTaken):
        claims.claim(agency, "MOI.go.th", None)


def test_what_is_odd_about_a_name_is_said(names: NameServer, agency: int) -> None:
    other = directory.create_agency(None, AgencyFacts("อื่น"))
    directory.ensure_domain("moi.go.th", other)
    assert claims.name_for(agency, "dla.go.th").oddities == ()
    assert claims.name_for(agency, "กรมที่ดิน.รัฐบาล.ไทย").oddities == (Oddity.THAI_SCRIPT,)
    assert claims.name_for(agency, "thailand.com").oddities == (Oddity.NOT_GOVERNMENTAL,)
    assert claims.name_for(agency, "cloud.moi.go.th").oddities == (Oddity.BELOW_ANOTHER,)


def test_one_of_two_agencies_proves_a_domain(names: NameServer, agency: int) -> None:
    other = directory.create_agency(None, AgencyFacts("อื่น"))
    first, second = (claims.claim(each, "shared.go.th", None) for each in (agency, other))
    tokens = [queries.domain(each).token for each in (first, second)]
    names.publish("_pirab.shared.go.th", "TXT", *(f'"pirab-domain-verification={each}"' for each in tokens))
    audit.look(first)
    seen = audit.look(second)
    assert queries.domain(first).state is State.PROVEN
    assert queries.domain(second).state is State.CLAIMED
    assert seen[0].verdict.reason == "taken"
    with pytest.raises(DomainTaken):
        claims.prove(second, clock.now())


def test_the_token_of_another_claim_proves_nothing(names: NameServer, agency: int) -> None:
    claim = claims.claim(agency, "kasikorn.go.th", None)
    names.publish("_pirab.kasikorn.go.th", "TXT", '"pirab-domain-verification=guessed"', '"v=spf1 -all"')
    [seen] = audit.look(claim)
    assert (seen.verdict.state, seen.verdict.reason) == (RecordState.WRONG, "other_token")
    assert queries.domain(claim).state is State.CLAIMED


def test_limits_count_the_whole_subtree(names: NameServer, agency: int) -> None:
    unit = directory.create_agency(agency, AgencyFacts("กรม"))
    directory.set_limits(agency, Limits(most_domains=2))
    directory.ensure_domain("one.go.th", agency)
    claims.claim(unit, "two.go.th", None)
    with pytest.raises(LimitReached):
        claims.claim(unit, "three.go.th", None)
    claims.claim(agency, "one.go.th", None)  # counted already


def test_a_missing_proof_has_a_grace_and_mail_that_comes_here_keeps_the_domain(
    names: NameServer, agency: int
) -> None:
    claim = working(names, agency)
    names.publish("_pirab.kasikorn.go.th", "TXT")
    audit.look(claim)
    assert queries.domain(claim).proof_missing_since is not None
    Claim.objects.filter(pk=claim).update(proof_missing_since=clock.now() - timedelta(days=30))
    audit.look(claim)
    assert reading.is_local_domain("kasikorn.go.th"), "its MX leads here"
    names.publish("kasikorn.go.th", "MX", "10 mx.elsewhere.test.")
    audit.look(claim)
    assert not reading.is_local_domain("kasikorn.go.th")
    assert queries.domain(claim).state is State.CLAIMED
    publish_all(names, claim)
    audit.look(claim)
    claims.activate(claim)
    assert reading.is_local_domain("kasikorn.go.th"), "proven again"


def test_a_resolver_that_fails_changes_nothing(names: NameServer, agency: int) -> None:
    claim = working(names, agency)
    before = len(queries.history(claim, None, 200))
    for name in ("_pirab.kasikorn.go.th", "kasikorn.go.th"):
        names.misbehave(name, failing)
    seen = states(audit.look(claim))
    assert seen["ownership"] is RecordState.UNKNOWN
    assert seen["mx"] is RecordState.UNKNOWN
    found = queries.domain(claim)
    assert found.state is State.COMPLETE
    assert found.proof_missing_since is None
    assert len(queries.history(claim, None, 200)) == before


def test_administrators_hear_of_a_record_that_broke(names: NameServer, agency: int) -> None:
    told: list[tuple[int, bytes]] = []
    hook = lambda person, mail: told.append((person, mail))  # noqa: E731
    hooks.register_notice(hook)
    try:
        person = directory.create_person("admin@pirab.test", "ผู้ดูแล", agency_id=agency)
        directory.appoint(person, agency, DutyKind.ADMINISTRATOR)
        claim = working(names, agency)
        told.clear()
        names.publish("kasikorn.go.th", "TXT", '"v=spf1 +all"')
        audit.look(claim)
        audit.look(claim)
    finally:
        hooks._carriers.remove(hook)
    assert [who for who, _ in told] == [person], "once, not at every look"
    assert b"Auto-Submitted: auto-generated" in told[0][1]
    assert queries.domain(claim).state is State.RECEIVING


@_COMMITTED
def test_keys_are_changed_without_a_gap(names: NameServer, agency: int) -> None:
    claim = working(names, agency)
    directory_of_keys = settings.ENVIRONMENT.dkim_dir
    first = [key.selector for key in queries.keys_of(claim)]
    assert {key.state for key in queries.keys_of(claim)} == {KeyState.SIGNING}
    assert (directory_of_keys / "selectors.map").read_text() == f"kasikorn.go.th {first[0]}\n"
    rotation.begin(claim)
    audit.look(claim)
    assert (directory_of_keys / "selectors.map").read_text() == f"kasikorn.go.th {first[0]}\n", "not seen yet"
    publish_all(names, claim)
    audit.look(claim)
    second = [key.selector for key in queries.keys_of(claim) if key.state is KeyState.SIGNING]
    assert (directory_of_keys / "selectors.map").read_text() == f"kasikorn.go.th {second[0]}\n"
    assert all((directory_of_keys / f"kasikorn.go.th.{each}.key").exists() for each in first)
    SigningKey.objects.filter(selector__in=first).update(retired_at=clock.now() - timedelta(days=8))
    audit.look(claim)
    after = {key.selector: key.state for key in queries.keys_of(claim)}
    assert {after[each] for each in first} == {KeyState.REVOKED}
    assert not any((directory_of_keys / f"kasikorn.go.th.{each}.key").exists() for each in first)
    revoked = next(one for one in audit.look(claim) if one.record.key == f"dkim:{first[0]}")
    assert revoked.record.value.endswith("p=")


def test_keys_may_be_seen_one_by_one(names: NameServer, agency: int) -> None:
    claim = working(names, agency)
    rotation.begin(claim)
    publish_all(names, claim)
    for key in [key for key in queries.keys_of(claim) if key.state is KeyState.WAITING]:
        assert queries.keys_of(claim)[-1].state is KeyState.WAITING
        audit.look(claim, f"dkim:{key.selector}")
    assert [key.state for key in queries.keys_of(claim)][2:] == [KeyState.SIGNING, KeyState.SIGNING]


def test_waiting_keys_can_be_given_up_and_used_ones_cannot(names: NameServer, agency: int) -> None:
    claim = working(names, agency)
    [signing, _] = queries.keys_of(claim)
    with pytest.raises(RotationRefused):
        rotation.abandon(claim, signing.selector)
    rotation.begin(claim)
    with pytest.raises(RotationRefused):
        rotation.begin(claim)
    rotation.abandon(claim, queries.keys_of(claim)[-1].selector)
    assert [key.state for key in queries.keys_of(claim)] == [KeyState.SIGNING, KeyState.SIGNING]


def test_a_domain_with_people_in_it_is_not_given_up(names: NameServer, agency: int) -> None:
    claim = working(names, agency)
    account = directory.open_account("คน", AccountKind.PERSONAL, None, agency_id=agency)
    directory.add_address(account, "someone@kasikorn.go.th")
    with pytest.raises(DomainInUse):
        claims.release(claim)
    assert reading.is_local_domain("kasikorn.go.th")


@_COMMITTED
def test_a_released_domain_leaves_nothing_behind(names: NameServer, agency: int) -> None:
    claim = working(names, agency)
    claims.release(claim)
    assert not reading.is_local_domain("kasikorn.go.th")
    folder = settings.ENVIRONMENT.dkim_dir
    assert not list(folder.glob("*.key"))
    assert (folder / "selectors.map").read_text() == ""
    other = directory.create_agency(None, AgencyFacts("อื่น"))
    assert queries.domain(working(names, other)).state is State.COMPLETE


def test_only_domains_in_use_stand_for_each_other(names: NameServer, agency: int) -> None:
    main = working(names, agency)
    alias = proven(names, agency, "kasikorn.or.th")
    with pytest.raises(NotReceiving):
        claims.stand_for(alias, main)
    claims.activate(alias)
    claims.stand_for(alias, main)
    assert queries.domain(alias).alias_of == "kasikorn.go.th"


def test_domains_from_before_are_adopted_with_their_keys(names: NameServer, agency: int) -> None:
    from engines.dkim import ensure_key

    directory.ensure_domain("old.go.th", agency)
    ensure_key(settings.ENVIRONMENT, "old.go.th")
    assert claims.adopt() >= 1
    assert claims.adopt() == 0
    [found] = queries.domains_of(agency, "", 10)
    assert found.is_vouched
    assert found.state is State.RECEIVING
    assert [(key.selector, key.state) for key in queries.keys_of(found.id)] == [("pirab", KeyState.SIGNING)]
