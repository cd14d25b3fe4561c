"""What leaves for push services, to a real receiver on loopback (rfc8620#7.2, rfc8291)."""

from __future__ import annotations

import dataclasses
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory.models import Person
from pirab.push import actions, destination, models, posting, queries, sending, tasks
from pirab.push.errors import HostNotAllowed
from pirab.push.types import Credential, Draft, Keys, Outcome, Patch
from pirab.signin import credentials, sessions
from pirab.signin.models import Token
from pirab.signin.types import CredentialKind
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.conftest import Member, letter
from tests.integration.push.receiver import Receiver, receiving


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A push service that is allowed and trusted."""
    with receiving(tmp_path) as running:
        environment = dataclasses.replace(settings.ENVIRONMENT, push_ca=running.certificate)
        monkeypatch.setattr(settings, "ENVIRONMENT", environment)
        posting._trust.cache_clear()
        yield running
        posting._trust.cache_clear()


@pytest.fixture
def owner(member: Member) -> Credential:
    """The credential of the member's token."""
    digest = Token.objects.get(person_id=member.person_id).digest
    return Credential(member.person_id, CredentialKind.TOKEN, bytes(digest))


def subscribe(owner: Credential, receiver: Receiver, keys: Keys | None = None) -> int:
    """A verified subscription."""
    made = actions.create(owner, Draft("phone", receiver.url, keys))
    code = models.Subscription.objects.get(pk=made.id).code
    actions.update(owner, made.id, Patch(verification_code=code))
    return made.id


def mail_to(member: Member) -> None:
    store.deliver(store.ensure_message(letter()), [Delivery(member.account_id, clock.now())])


def test_the_code_is_sent_and_then_what_moved(member: Member, owner: Credential, receiver: Receiver) -> None:
    made = actions.create(owner, Draft("phone", receiver.url, types=("Email", "EmailDelivery")))
    sending.verify(made.id)
    path, headers, body = receiver.taken.pop()
    assert path == "/device?a=b"
    assert headers["Content-Type"] == "application/json"
    assert int(headers["TTL"]) > 0
    message = json.loads(body)
    assert message["@type"] == "PushVerification"
    assert message["pushSubscriptionId"] == encode_id(IdKind.PUSH_SUBSCRIPTION, made.id)
    sending.deliver(made.id)  # not before the code has come back
    assert receiver.taken == []
    actions.update(owner, made.id, Patch(verification_code=message["verificationCode"]))
    sending.deliver(made.id)  # nothing has moved since
    assert receiver.taken == []
    mail_to(member)
    assert queries.behind() == [made.id]
    sending.deliver(made.id)
    _, _, body = receiver.taken.pop()
    change = json.loads(body)
    account = encode_id(IdKind.ACCOUNT, member.account_id)
    assert change["@type"] == "StateChange"
    assert set(change["changed"][account]) == {"Email", "EmailDelivery"}
    sending.deliver(made.id)
    assert (receiver.taken, queries.behind()) == ([], [])


def test_with_keys_only_the_device_can_read_it(owner: Credential, receiver: Receiver) -> None:
    device = ec.generate_private_key(ec.SECP256R1())
    point = device.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    made = actions.create(owner, Draft("phone", receiver.url, Keys(point, b"s" * 16)))
    sending.verify(made.id)
    _, headers, body = receiver.taken.pop()
    assert headers["Content-Encoding"] == "aes128gcm"
    assert b"PushVerification" not in body
    opened = http_ece.decrypt(body, private_key=device, auth_secret=b"s" * 16, version="aes128gcm")
    assert json.loads(opened)["@type"] == "PushVerification"


def test_a_receiver_that_fails_is_asked_again_and_at_last_given_up(
    member: Member, owner: Credential, receiver: Receiver
) -> None:
    key = subscribe(owner, receiver)
    mail_to(member)
    receiver.status, receiver.headers = 503, {"Retry-After": "600"}
    sending.deliver(key)
    waiting = ProcrastinateJob.objects.filter(task_name=actions.DELIVER_TASK, status="todo")
    [job] = list(waiting)
    assert job.scheduled_at is not None
    actions.ask_for_delivery([key])
    assert waiting.count() == 1  # what comes meanwhile is merged into it
    for _ in range(sending.MOST_FAILURES):
        sending.deliver(key)
    assert queries.target(key) is None


@pytest.mark.parametrize("status", [404, 410])
def test_a_receiver_that_is_gone_ends_the_subscription(
    member: Member, owner: Credential, receiver: Receiver, status: int
) -> None:
    key = subscribe(owner, receiver)
    mail_to(member)
    receiver.status = status
    sending.deliver(key)
    assert queries.target(key) is None
    sending.deliver(key)  # a job that comes late finds nothing
    assert len(receiver.taken) == 1


def test_no_redirect_is_followed(owner: Credential, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url}
    assert posting.post(receiver.url, {}, None).outcome is Outcome.FAILED
    assert len(receiver.taken) == 1


def test_a_certificate_nobody_vouches_for_is_not_trusted(
    owner: Credential, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", dataclasses.replace(settings.ENVIRONMENT, push_ca=None))
    posting._trust.cache_clear()
    assert posting.post(receiver.url, {}, None).outcome is Outcome.FAILED
    assert receiver.taken == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1", "::1", "::ffff:10.0.0.1", "0.0.0.0"),
        # An inside address in the clothes of an outside one: compatible, 6to4, Teredo, NAT64.
        *(
            "::10.0.0.1",
            "2002:a00:1::",
            "2001:0:4136:e378:8000:63bf:f5ff:fffe",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
        ),
        *("100.64.0.1", "fe80::1", "fd00::1", "ff02::1", "224.0.0.1", "255.255.255.255"),
    ],
)
def test_a_name_that_leads_inside_is_not_followed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = dataclasses.replace(
        settings.ENVIRONMENT, push_hosts=("push.example.com",), push_networks=()
    )
    monkeypatch.setattr(settings, "ENVIRONMENT", environment)
    found = [(0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    with pytest.raises(HostNotAllowed):
        destination.resolve("push.example.com", 443)
    assert posting.post("https://push.example.com/x", {}, None).outcome is Outcome.REFUSED_HERE


def test_production_allows_nobody_by_itself() -> None:
    from pirab.conf.environment import Environment

    environment = Environment.load({"PIRAB_MODE": "production", "PIRAB_HOME": "/srv/mail"})
    assert (environment.push_hosts, environment.push_networks) == ((), ())


def test_a_subscription_ends_with_its_credential(
    member: Member, owner: Credential, receiver: Receiver
) -> None:
    key = subscribe(owner, receiver)
    Token.objects.filter(person_id=member.person_id).delete()
    mail_to(member)
    sending.deliver(key)
    assert (receiver.taken, queries.target(key)) == ([], None)


def test_a_password_counts_until_it_is_changed(member: Member) -> None:
    from pirab.directory import queries as people
    from pirab.signin.types import Caller

    principal = people.principal(member.person_id)
    assert principal is not None
    mark = credentials.mark_of(Caller(principal, CredentialKind.PASSWORD))
    assert credentials.is_alive(member.person_id, CredentialKind.PASSWORD, mark)
    Person.objects.filter(pk=member.person_id).update(password="other")
    assert not credentials.is_alive(member.person_id, CredentialKind.PASSWORD, mark)


def test_a_session_counts_until_it_is_closed(member: Member) -> None:
    import hashlib

    session = sessions.open_session(member.person_id)
    mark = hashlib.sha256(session.encode()).digest()
    assert credentials.is_alive(member.person_id, CredentialKind.SESSION, mark)
    sessions.close_session(session)
    assert not credentials.is_alive(member.person_id, CredentialKind.SESSION, mark)


def test_an_account_taken_away_is_not_told_of(
    member: Member, stranger: Member, owner: Credential, receiver: Receiver
) -> None:
    key = subscribe(owner, receiver)
    mail_to(stranger)
    assert queries.behind() == []
    assert {person for _, person, _ in queries.watched()} == {member.person_id}
    Person.objects.filter(pk=member.person_id).update(is_active=False)
    assert queries.watched(member.person_id) == []
    mail_to(member)
    sending.deliver(key)
    assert receiver.taken == []


def test_the_sweep_finds_what_was_missed(member: Member, owner: Credential, receiver: Receiver) -> None:
    key = subscribe(owner, receiver)
    mail_to(member)
    tasks.sweep(timestamp=0)
    waiting = ProcrastinateJob.objects.filter(task_name=actions.DELIVER_TASK, status="todo")
    assert [job.args["subscription_id"] for job in waiting] == [key]
