"""rfc8620#7.3 against PostgreSQL: what changes is told, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.db import connection

from pirab.conf import push
from pirab.core import clock, db
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.personnel.provisioning import open_shared_account
from pirab.signin import sessions
from pirab.store import actions as store
from pirab.store.types import Delivery, EmailPatch, MailboxDraft, ObjectType
from tests.conftest import Member, letter
from tests.integration.jmap.stream import App, Stream, connected, scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def closing_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads give their connections back, or the test database could not be emptied."""

    async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
        def closing() -> Any:
            try:
                return work(*args)
            finally:
                connection.close()

        return await asyncio.to_thread(closing)

    monkeypatch.setattr(push, "_in_thread", in_thread)


@asynccontextmanager
async def running() -> AsyncIterator[push.Push]:
    app = push.Push()
    task = asyncio.get_running_loop().create_task(app._source.run())
    await asyncio.wait_for(app._source._feed.is_listening.wait(), 20)
    try:
        yield app
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def bearer(member: Member) -> dict[str, str]:
    return {"Authorization": f"Bearer {member.token}"}


def public(member: Member) -> str:
    return encode_id(IdKind.ACCOUNT, member.account_id)


def touch(member: Member, name: str) -> None:
    store.create_mailbox(member.account_id, MailboxDraft(name))


def run(test: Callable[[push.Push], Awaitable[None]]) -> None:
    async def inside() -> None:
        async with running() as app:
            await test(app)

    asyncio.run(inside())


def test_a_stream_begins_with_the_present_states_and_tells_changes(member: Member) -> None:
    async def test(app: App) -> None:
        async with connected(app, scope(**bearer(member))) as stream:
            assert (stream.status, stream.headers["content-type"][:17]) == (200, "text/event-stream")
            first = await stream.event()
            assert (first.name, first.data["@type"]) == ("state", "StateChange")
            types = set(ObjectType)
            assert first.data["changed"][public(member)].keys() == types
            touch(member, "new")
            second = await stream.event()
            [(account, changed)] = second.data["changed"].items()
            assert (account, changed.keys()) == (public(member), {"Mailbox"})
            assert int(changed["Mailbox"]) > int(first.data["changed"][account]["Mailbox"])
            assert first.id != second.id

    run(test)


def test_who_has_seen_everything_is_told_nothing_again(member: Member) -> None:
    async def test(app: App) -> None:
        async with connected(app, scope(**bearer(member))) as stream:
            seen = (await stream.event()).id
        assert seen
        async with connected(app, scope(**bearer(member), Last_Event_ID=seen)) as stream:
            await asyncio.sleep(0.2)
            assert not stream.has_event()
            touch(member, "while connected")
            assert "Mailbox" in (await stream.event()).data["changed"][public(member)]
        touch(member, "while away")
        async with connected(app, scope(**bearer(member), Last_Event_ID=seen)) as stream:
            assert "Mailbox" in (await stream.event()).data["changed"][public(member)]

    run(test)


def test_only_the_types_asked_for_are_told(member: Member) -> None:
    async def test(app: App) -> None:
        query = "types=Email,CalendarEvent&closeafter=no&ping=0"
        async with connected(app, scope(query, **bearer(member))) as stream:
            assert (await stream.event()).data["changed"][public(member)].keys() == {"Email"}
            touch(member, "not asked for")
            await asyncio.sleep(0.2)
            assert not stream.has_event()

    run(test)


def test_closeafter_state_ends_after_one_state(member: Member) -> None:
    async def test(app: App) -> None:
        query = "types=*&closeafter=state&ping=0"
        async with connected(app, scope(query, **bearer(member))) as stream:
            seen = (await stream.event()).id
            await stream.end()
        assert seen
        async with connected(app, scope(query, **bearer(member), Last_Event_ID=seen)) as stream:
            assert not stream.is_ended.is_set()
            touch(member, "one")
            await stream.event()
            await stream.end()

    run(test)


def test_strangers_hear_nothing_of_each_other(member: Member, stranger: Member) -> None:
    async def test(app: App) -> None:
        async with (
            connected(app, scope(**bearer(stranger))) as theirs,
            connected(app, scope(**bearer(member))) as mine,
        ):
            await theirs.event()
            await mine.event()
            touch(member, "mine")
            assert public(member) in (await mine.event()).data["changed"]
            await asyncio.sleep(0.2)
            assert not theirs.has_event()

    run(test)


def test_a_shared_account_tells_everybody_who_may_read_it(member: Member, stranger: Member) -> None:
    directory.grant(member.person_id, stranger.account_id, Role.READER)

    async def test(app: App) -> None:
        async with connected(app, scope(**bearer(member))) as stream:
            assert (await stream.event()).data["changed"].keys() == {public(member), public(stranger)}
            touch(stranger, "theirs")
            assert (await stream.event()).data["changed"].keys() == {public(stranger)}

    run(test)


def test_a_mark_in_an_office_reaches_the_other_sessions_of_who_made_it(
    member: Member, stranger: Member
) -> None:
    office = open_shared_account("office-push@moi.go.test", "สารบรรณ", quota_bytes=10**9)
    for person in (member, stranger):
        directory.grant(person.person_id, office, Role.READER)
    [arrived] = store.deliver(store.ensure_message(letter()), [Delivery(office, clock.now())])
    assert arrived.email_id is not None
    mark = {arrived.email_id: EmailPatch(add_keywords=frozenset({"$seen"}))}

    async def test(app: App) -> None:
        async with (
            connected(app, scope(**bearer(member))) as own,
            connected(app, scope(**bearer(stranger))) as other,
        ):
            await own.event()
            await other.event()
            store.update_emails(office, mark, viewer=member.person_id)
            told = (await own.event()).data["changed"][encode_id(IdKind.ACCOUNT, office)]
            assert told.keys() == {"Email", "Mailbox"}
            # a colleague may know that something moved, not what
            assert (await other.event()).data["changed"] == {encode_id(IdKind.ACCOUNT, office): told}

    run(test)


def test_nothing_is_missed_over_a_lost_database_connection(
    member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(app: App) -> None:
        async with connected(app, scope(**bearer(member))) as stream:
            await stream.event()
            may_connect = asyncio.Event()
            real = app._source._feed._connect  # type: ignore[attr-defined]

            async def delayed() -> Any:
                await may_connect.wait()
                return await real()

            app._source._feed._connect = delayed  # type: ignore[attr-defined]
            killed = db.scalar(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'pirab-push' and datname = current_database()"
            )
            assert killed >= 1
            touch(member, "nobody listens")
            await asyncio.sleep(0.3)
            assert not stream.has_event()
            may_connect.set()
            assert "Mailbox" in (await stream.event()).data["changed"][public(member)]
            touch(member, "somebody listens again")
            assert "Mailbox" in (await stream.event()).data["changed"][public(member)]

    run(test)


def test_a_slow_reader_gets_one_merged_change(member: Member) -> None:
    async def test(app: App) -> None:
        async with connected(app, scope(**bearer(member))) as stream:
            await stream.event()
            stream.may_write.clear()
            for n in range(30):
                touch(member, f"box {n}")
            await asyncio.sleep(0.5)
            stream.may_write.set()
            states = [(await stream.event()).data["changed"][public(member)]["Mailbox"]]
            while stream.has_event():
                states.append((await stream.event()).data["changed"][public(member)]["Mailbox"])
            assert len(states) <= 3
            assert states[-1] == str(
                db.scalar(
                    "select mailbox_state from store_account where account_id = %s", (member.account_id,)
                )
            )

    run(test)


def test_pings_come_at_the_interval_and_set_no_id(member: Member) -> None:
    async def test(app: App) -> None:
        query = "types=*&closeafter=no&ping=1"
        async with connected(app, scope(query, **bearer(member))) as stream:
            await stream.event()
            ping = await stream.event()
            assert (ping.name, ping.id, ping.data) == ("ping", None, {"interval": 5})

    run(test)


def test_a_stream_ends_when_its_time_is_over(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pirab.jmap.eventsource.LIFETIME_SECONDS", 0)

    async def test(app: App) -> None:
        async with connected(app, scope(**bearer(member))) as stream:
            await stream.end()

    run(test)


def test_the_session_cookie_opens_a_stream_until_it_is_closed(member: Member) -> None:
    key = sessions.open_session(member.person_id)

    async def test(app: App) -> None:
        cookie = {"Cookie": f"other=1; pirab_session={key}"}
        async with connected(app, scope(**cookie)) as stream:
            assert stream.status == 200
        sessions.close_session(key)
        async with connected(app, scope(**cookie)) as stream:
            assert stream.status == 401

    run(test)


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, "Basic"),
        ({"Authorization": "Bearer wrong"}, "Basic"),
        ({"Authorization": "Basic !!!"}, "Basic"),
        ({"Authorization": "Négotiate x"}, "Basic"),
        ({"Cookie": "pirab_session=';drop table"}, "Basic"),
        ({"Sec_Fetch_Mode": "cors"}, "Bearer"),
    ],
)
def test_nobody_listens_without_credentials(db: None, headers: dict[str, str], challenge: str) -> None:
    async def test(app: App) -> None:
        async with connected(app, scope(**headers)) as stream:
            assert stream.status == 401
            assert stream.headers["www-authenticate"].startswith(challenge)

    run(test)


@pytest.mark.parametrize(
    "query",
    [
        "closeafter=maybe",
        "ping=-1",
        "ping=abc",
        "ping=1.5",
        "ping=" + "9" * 50,
        "&".join(["a=1"] * 50),
        "ping=%D9%A1",
    ],
)
def test_a_query_that_means_nothing_is_refused(member: Member, query: str) -> None:
    async def test(app: App) -> None:
        async with connected(app, scope(query, **bearer(member))) as stream:
            assert stream.status == 400

    run(test)


def test_other_methods_and_paths_are_refused(member: Member) -> None:
    async def test(app: App) -> None:
        for change, status in (({"method": "POST"}, 405), ({"path": "/jmap/eventsource/x"}, 404)):
            async with connected(app, scope(**bearer(member)) | change) as stream:
                assert stream.status == status

    run(test)


def test_one_person_cannot_hold_every_stream(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pirab.jmap.eventsource.MOST_STREAMS", 1)

    async def test(app: App) -> None:
        async with connected(app, scope(**bearer(member))) as first:
            assert first.status == 200
            async with connected(app, scope(**bearer(member))) as second:
                assert second.status == 429
        async with connected(app, scope(**bearer(member))) as third:
            assert third.status == 200
        assert isinstance(first, Stream)

    run(test)
