"""Any sequence of what can happen to two accounts of one person; after each step the service agrees with the model,
and a client that slept since any earlier moment catches up by changes and queryChanges (rfc8620#5.2, #5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pirab.core.ids import IdKind, decode_id, encode_id
from pirab.jmap.capabilities import RECOVERY
from pirab.store import actions, queries
from pirab.store.actions.restore import RECOVERED
from pirab.store.tallies import wrong_tallies
from pirab.store.types import Delivery, MailboxRole
from tests.compliance.jmap.email.session import JmapSession
from tests.compliance.jmap.whole_account.model import SUBJECTS, Account, Copy, Letter
from tests.conftest import Member

KEYWORDS = ("$seen", "$flagged", "$draft", "custom")
ROLES = ("inbox", "archive", "trash")
TYPES = ("Email", "Mailbox", "Thread")
NEWEST = [{"property": "receivedAt", "isAscending": False}]

Query = dict[str, Any]


def standing_queries(inbox: str, archive: str) -> list[Query]:
    """Lists a client keeps open."""
    return [
        {"sort": NEWEST, "collapseThreads": False},
        {"filter": {"inMailbox": inbox}, "sort": NEWEST, "collapseThreads": True},
        {"filter": {"inMailboxOtherThan": [archive]}, "sort": [{"property": "size"}]},
        {"filter": {"inMailbox": inbox, "notKeyword": "$seen"}, "collapseThreads": True},
        {"filter": {"someInThreadHaveKeyword": "$flagged"}, "sort": [{"property": "receivedAt"}]},
        {"filter": {"allInThreadHaveKeyword": "$seen"}, "collapseThreads": True},
        {"filter": {"noneInThreadHaveKeyword": "custom", "hasAttachment": False}},
        {"filter": {"subject": SUBJECTS[0]}, "sort": [{"property": "hasKeyword", "keyword": "$flagged"}]},
        {"filter": {"hasKeyword": "$flagged"}, "sort": [{"property": "subject"}], "collapseThreads": True},
    ]


@dataclass
class Memory:
    """What a client knew at one moment."""

    states: dict[str, str]
    objects: dict[str, dict[str, Any]]
    lists: list[tuple[list[str], str]]


class TwoAccounts(RuleBasedStateMachine):
    """`sides` are the two accounts as they should be; `memories` what clients slept on."""

    def __init__(self, person: Member, other_account: int) -> None:
        super().__init__()
        self.jmap = JmapSession(person)
        self.jmap.using.append(RECOVERY)
        self.keys = (person.account_id, other_account)
        self.ids = tuple(encode_id(IdKind.ACCOUNT, key) for key in self.keys)
        self.sides = (Account(), Account())
        self.letters: list[Letter] = []
        self.roles: tuple[dict[str, str], ...] = tuple(self._mailboxes(side) for side in (0, 1))
        self.queries = [standing_queries(each["inbox"], each["archive"]) for each in self.roles]
        self.memories: list[list[Memory]] = [[self._remember(side)] for side in (0, 1)]

    # -- speaking -----------------------------------------------------------------------------------------------------

    def call(self, side: int, name: str, **arguments: Any) -> dict[str, Any]:
        return self.jmap.call(name, **{"accountId": self.ids[side], **arguments})

    def _mailboxes(self, side: int) -> dict[str, str]:
        found = self.call(side, "Mailbox/get", ids=None)["list"]
        self.sides[side].boxes.update({box["id"]: (box["name"], box["parentId"]) for box in found})
        return {box["role"]: box["id"] for box in found if box["role"]}

    def _pick(self, side: int, place: int) -> str:
        return sorted(self.sides[side].emails)[place % len(self.sides[side].emails)]

    def _box(self, side: int, place: int) -> str:
        return sorted(self.sides[side].boxes)[place % len(self.sides[side].boxes)]

    def _take_over(
        self, side: int, email_id: str, letter: Letter, keywords: set[str], boxes: set[str], minute: int
    ) -> None:
        (found,) = self.call(side, "Email/get", ids=[email_id], properties=["threadId"])["list"]
        copy = Copy(letter, found["threadId"], frozenset(keywords), frozenset(boxes), minute)
        self.sides[side].add(email_id, copy)

    def _write(self, answers: int, subject: int, has_attachment: bool, length: int) -> Letter:
        number = len(self.letters)
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = "a@x.test", "b@y.test"
        message["Subject"] = SUBJECTS[subject]
        message["Message-ID"] = f"<{number}.{self.keys[0]}@x>"
        refers = answers if answers < number else None
        if refers is not None:
            message["References"] = f"<{refers}.{self.keys[0]}@x>"
        message.set_content("ก" * length)
        if has_attachment:
            message.add_attachment(b"x", maintype="application", subtype="zip", filename="a.zip")
        letter = Letter(number, refers, SUBJECTS[subject], message.as_bytes(), has_attachment)
        self.letters.append(letter)
        return letter

    # -- what can happen ----------------------------------------------------------------------------------------------

    @rule(
        side=st.integers(0, 1),
        answers=st.integers(0, 9),
        subject=st.integers(0, 1),
        has_attachment=st.booleans(),
        length=st.integers(1, 40),
        minute=st.integers(0, 5),
    )
    def deliver(
        self, side: int, answers: int, subject: int, has_attachment: bool, length: int, minute: int
    ) -> None:
        """Mail comes in by LMTP: into the inbox."""
        letter = self._write(answers, subject, has_attachment, length)
        received = datetime(2026, 11, 24, 0, minute, tzinfo=UTC)
        delivery = Delivery(self.keys[side], received, MailboxRole.INBOX)
        (outcome,) = actions.deliver(actions.ensure_message(letter.raw), [delivery])
        assert outcome.email_id is not None
        email_id = encode_id(IdKind.EMAIL, outcome.email_id)
        self._take_over(side, email_id, letter, set(), {self.roles[side]["inbox"]}, minute)

    @precondition(lambda self: self.letters)
    @rule(
        side=st.integers(0, 1),
        place=st.integers(0, 99),
        boxes=st.sets(st.integers(0, 9), min_size=1, max_size=3),
        keywords=st.sets(st.sampled_from(KEYWORDS)),
        minute=st.integers(0, 5),
    )
    def import_again(self, side: int, place: int, boxes: set[int], keywords: set[str], minute: int) -> None:
        """A letter that was seen before is imported: `alreadyExists` where the account has it."""
        letter = self.letters[place % len(self.letters)]
        where = {self._box(side, each) for each in boxes}
        held = self.sides[side].holder(letter)
        blob = self._upload(side, letter.raw)
        entry = {
            "blobId": blob,
            "mailboxIds": dict.fromkeys(where, True),
            "keywords": dict.fromkeys(keywords, True),
            "receivedAt": f"2026-11-24T00:0{minute}:00Z",
        }
        result = self.call(side, "Email/import", emails={"k": entry})
        if held is not None:
            assert result["notCreated"]["k"]["existingId"] == held
            return
        self._take_over(side, result["created"]["k"]["id"], letter, keywords, where, minute)

    def _upload(self, side: int, raw: bytes) -> str:
        account, self.jmap.account = self.jmap.account, self.ids[side]
        try:
            return self.jmap.upload(raw)
        finally:
            self.jmap.account = account

    @precondition(lambda self: self.sides[0].emails)
    @rule(place=st.integers(0, 99), box=st.integers(0, 9), moves=st.booleans())
    def copy(self, place: int, box: int, moves: bool) -> None:
        """Email/copy from the first account to the second, perhaps destroying the original."""
        email_id, where = self._pick(0, place), self._box(1, box)
        source = self.sides[0].emails[email_id]
        create = {
            "k": {
                "id": email_id,
                "mailboxIds": {where: True},
                "receivedAt": f"2026-11-24T00:0{source.minute}:00Z",
            }
        }
        result = self.jmap.request(
            (
                "Email/copy",
                {
                    "fromAccountId": self.ids[0],
                    "accountId": self.ids[1],
                    "create": create,
                    "onSuccessDestroyOriginal": moves,
                },
                "c",
            )
        )
        answer = result[0][1]
        held = self.sides[1].holder(source.letter)
        if held is not None:
            assert answer["notCreated"]["k"]["existingId"] == held
            return
        keywords = set(source.keywords)
        self._take_over(1, answer["created"]["k"]["id"], source.letter, keywords, {where}, source.minute)
        if moves:
            del self.sides[0].emails[email_id]

    @precondition(lambda self: any(side.emails for side in self.sides))
    @rule(
        side=st.integers(0, 1),
        places=st.sets(st.integers(0, 9), min_size=1),
        word=st.sampled_from(KEYWORDS),
        value=st.booleans(),
    )
    def flag(self, side: int, places: set[int], word: str, value: bool) -> None:
        model = self.sides[side]
        if not model.emails:
            return
        chosen = {self._pick(side, place) for place in places}
        self.call(side, "Email/set", update={key: {f"keywords/{word}": value or None} for key in chosen})
        for key in chosen:
            held = model.emails[key].keywords
            model.change(key, keywords=held | {word} if value else held - {word})

    @precondition(lambda self: any(side.emails for side in self.sides))
    @rule(side=st.integers(0, 1), place=st.integers(0, 99), box=st.integers(0, 9), value=st.booleans())
    def move(self, side: int, place: int, box: int, value: bool) -> None:
        model = self.sides[side]
        if not model.emails:
            return
        email_id, where = self._pick(side, place), self._box(side, box)
        before = model.emails[email_id].boxes
        after = before | {where} if value else before - {where}
        result = self.call(side, "Email/set", update={email_id: {f"mailboxIds/{where}": value or None}})
        assert (result["updated"] is None) == (not after)
        if after:
            model.change(email_id, boxes=after)

    @precondition(lambda self: any(side.emails for side in self.sides))
    @rule(side=st.integers(0, 1), places=st.sets(st.integers(0, 9), min_size=1, max_size=3))
    def destroy(self, side: int, places: set[int]) -> None:
        model = self.sides[side]
        if not model.emails:
            return
        chosen = {self._pick(side, place) for place in places}
        result = self.call(side, "Email/set", destroy=[*sorted(chosen), "e1"])
        assert set(result["destroyed"]) == chosen
        for key in chosen:
            del model.emails[key]

    @rule(side=st.integers(0, 1), place=st.integers(0, 99))
    def restore(self, side: int, place: int) -> None:
        """Destroyed mail comes back under a new id: where it was, or in a mailbox of its own when that is gone."""
        removed = self.call(side, "RemovedEmail/query")["ids"]
        if not removed:
            return
        model, chosen = self.sides[side], removed[place % len(removed)]
        old = encode_id(IdKind.EMAIL, decode_id(IdKind.REMOVED_EMAIL, chosen))
        copy = model.ever[old]
        assert old not in model.emails
        answer = self.call(side, "RemovedEmail/restore", ids=[chosen])
        if model.holder(copy.letter) is not None:
            assert answer["notRestored"][chosen]["type"] == "alreadyExists"
            return
        where = set(answer["restored"][chosen]["mailboxIds"])
        self._mailboxes(side)  # takes in the mailbox that may have been made for it
        assert where == self._home(side, copy)
        self._take_over(
            side, answer["restored"][chosen]["id"], copy.letter, set(copy.keywords), where, copy.minute
        )

    def _home(self, side: int, copy: Copy) -> set[str]:
        known, trash = copy.boxes & self.sides[side].boxes.keys(), {self.roles[side]["trash"]}
        if known:
            return set(known - trash) or {self.roles[side]["inbox"]}
        return {key for key, box in self.sides[side].boxes.items() if box == (RECOVERED, None)}

    @rule(side=st.integers(0, 1), name=st.integers(0, 3), parent=st.none() | st.integers(0, 9))
    def make_mailbox(self, side: int, name: int, parent: int | None) -> None:
        model = self.sides[side]
        if len(model.boxes) > 10:
            return
        wanted = (f"แฟ้ม {name}", None if parent is None else self._box(side, parent))
        create = {"k": {"name": wanted[0], "parentId": wanted[1]}}
        result = self.call(side, "Mailbox/set", create=create)
        if wanted in model.boxes.values():
            assert result["notCreated"]["k"]["type"] == "alreadyExists"
            return
        model.boxes[result["created"]["k"]["id"]] = wanted

    @rule(side=st.integers(0, 1), place=st.integers(0, 9), removes=st.booleans())
    def destroy_mailbox(self, side: int, place: int, removes: bool) -> None:
        model, box = self.sides[side], self._box(side, place)
        result = self.call(side, "Mailbox/set", destroy=[box], onDestroyRemoveEmails=removes)
        has_child = any(parent == box for _, parent in model.boxes.values())
        has_email = any(box in each.boxes for each in model.emails.values())
        if box in self.roles[side].values() and box == self.roles[side]["inbox"]:
            assert result["destroyed"] is None
        elif has_child or (has_email and not removes):
            expected = (
                {"mailboxHasChild"} if has_child and not has_email else {"mailboxHasChild", "mailboxHasEmail"}
            )
            assert result["notDestroyed"][box]["type"] in expected
        elif result["destroyed"] == [box]:
            model.remove_box(box)
        else:
            raise AssertionError(result)

    @rule(side=st.integers(0, 1))
    def fall_asleep(self, side: int) -> None:
        """A client closes its lid."""
        self.memories[side] = [*self.memories[side][-4:], self._remember(side)]

    @rule(side=st.integers(0, 1), place=st.integers(0, 9), page=st.none() | st.integers(1, 3))
    def wake_up(self, side: int, place: int, page: int | None) -> None:
        """It opens again and asks for what has changed, `page` changes at a time."""
        memory = self.memories[side][place % len(self.memories[side])]
        fresh = self._remember(side)
        for kind in TYPES:
            self._catch_up(side, kind, memory, fresh, page)
        for query, (ids, state), (now, _) in zip(self.queries[side], memory.lists, fresh.lists, strict=True):
            delta = self.call(side, "Email/queryChanges", sinceQueryState=state, calculateTotal=True, **query)
            assert delta["total"] == len(now)
            ids = [each for each in ids if each not in set(delta["removed"])]
            for added in sorted(delta["added"], key=lambda each: each["index"]):
                ids.insert(added["index"], added["id"])
            assert ids == now, query

    def _catch_up(self, side: int, kind: str, memory: Memory, fresh: Memory, page: int | None) -> None:
        known, state = dict(memory.objects[kind]), memory.states[kind]
        for _ in range(10_000):
            limit = {} if page is None else {"maxChanges": page}
            changes = self.call(side, f"{kind}/changes", sinceState=state, **limit)
            told = [*changes["created"], *changes["updated"], *changes["destroyed"]]
            assert len(told) == len(set(told))
            assert page is None or len(told) <= page
            for key in changes["destroyed"]:
                known.pop(key, None)
            for key in (*changes["created"], *changes["updated"]):
                if key in fresh.objects[kind]:
                    known[key] = fresh.objects[kind][key]
                else:
                    known.pop(key, None)  # destroyed meanwhile: a later page says so
            state = changes["newState"]
            if not changes["hasMoreChanges"]:
                break
        assert state == fresh.states[kind]
        assert known == fresh.objects[kind], kind

    def _remember(self, side: int) -> Memory:
        properties = {"Email": ["keywords", "mailboxIds", "threadId"], "Mailbox": None, "Thread": None}
        states, objects = {}, {}
        for kind in TYPES:
            ids = sorted(self.sides[side].threads()) if kind == "Thread" else None
            result = self.call(side, f"{kind}/get", ids=ids, properties=properties[kind])
            states[kind] = result["state"]
            objects[kind] = {each["id"]: each for each in result["list"]}
        lists = [self.call(side, "Email/query", **query) for query in self.queries[side]]
        return Memory(states, objects, [(each["ids"], each["queryState"]) for each in lists])

    # -- what is always true ------------------------------------------------------------------------------------------

    @invariant()
    def the_service_agrees_with_the_model(self) -> None:
        for side, model in enumerate(self.sides):
            wanted = ["keywords", "mailboxIds", "threadId"]
            found = self.call(side, "Email/get", ids=None, properties=wanted)["list"]
            seen = {
                each["id"]: (frozenset(each["keywords"]), frozenset(each["mailboxIds"]), each["threadId"])
                for each in found
            }
            assert seen == {
                key: (each.keywords, each.boxes, each.thread) for key, each in model.emails.items()
            }
            for box in self.call(side, "Mailbox/get", ids=None)["list"]:
                counted = (box["totalEmails"], box["unreadEmails"], box["totalThreads"], box["unreadThreads"])
                assert counted == model.counters(box["id"]), box["name"]
            usage = queries.usage(self.keys[side])
            assert (usage.used_bytes, usage.email_count) == (model.used_octets, len(model.emails))
            assert wrong_tallies(self.keys[side]) == []

    @rule(side=st.integers(0, 1), place=st.integers(0, 99))
    def ask(self, side: int, place: int) -> None:
        """A query gives what the model gives: the right emails, in order, one a thread where asked."""
        model = self.sides[side]
        query = self.queries[side][place % len(self.queries[side])]
        result = self.call(side, "Email/query", calculateTotal=True, **query)
        matching = model.matching(query.get("filter", {}))
        in_order = sorted(matching, key=lambda key: self._place(model, key, query.get("sort", NEWEST)))
        if query.get("collapseThreads"):
            firsts: dict[str, str] = {}
            for key in in_order:
                firsts.setdefault(model.emails[key].thread, key)
            in_order = list(firsts.values())
        assert (result["ids"], result["total"]) == (in_order, len(in_order)), query

    @staticmethod
    def _place(model: Account, key: str, sort: list[dict[str, Any]]) -> tuple[Any, ...]:
        """Where an email stands: by the sort's first key, then newest first (or oldest, where that is asked for)."""
        copy, first = model.emails[key], sort[0]
        sign = 1 if first.get("isAscending", True) else -1
        number = decode_id(IdKind.EMAIL, key)
        values = {
            "receivedAt": (),
            "size": (sign * len(copy.letter.raw),),
            "subject": (SUBJECTS.index(copy.letter.subject) * sign,),
            "hasKeyword": (sign * (first.get("keyword") in copy.keywords),),
        }
        age = sign if first["property"] == "receivedAt" else -1
        return (*values[first["property"]], age * copy.minute, age * number)
