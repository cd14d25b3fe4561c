"""Finding one of 300,000 officials, by every kind of question; how many of those meant are among the answers."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from typing import Any, Final
from urllib.parse import quote

import httpx

from benchmarks.government import filling
from benchmarks.government.people import Official
from benchmarks.mailbox import Profile
from benchmarks.measuring import measure
from benchmarks.results import Seen
from benchmarks.surroundings import environment
from pirab.core.ids import IdKind, encode_id
from pirab.signin import tokens

PEOPLE: Final = {"full": 300_000, "small": 20_000}
UNITS: Final = {"full": 20_000, "small": 2_000}
_QUESTIONS: Final = 40
_ROUNDS: Final = 120
_ANSWERS: Final = 20


@dataclass(frozen=True)
class _Kind:
    """A kind of question: `asks` puts it for somebody; `fits` judges an answer where many people are meant."""

    name: str
    asks: Callable[[Official, random.Random], str]
    fits: "Callable[[str, _Told], bool] | None" = None


def _wrong_letter(word: str, chance: random.Random) -> str:
    """The word with two letters changed, one left out or one doubled, behind the first."""
    place = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
        )
    )


_HOMOPHONES: Final = (
    ("ศ", "ส"),
    ("ณ", "น"),
    ("ภ", "พ"),
    ("ฐ", "ถ"),
    ("ร", "ล"),
    ("ธ", "ท"),
    ("ษ", "ส"),
    ("์", ""),
)


def _by_ear(name: str) -> str:
    for letter, sounds_like in _HOMOPHONES:
        name = name.replace(letter, sounds_like)
    return name


def _thai(who: Official) -> str:
    return f"{who.name.given_th} {who.name.family_th}"


def _has_name(text: str, told: "_Told") -> bool:
    return text in told.names


def _begins(text: str, told: "_Told") -> bool:
    return any(name.startswith(text) for name in told.names)


def _has_name_and_begins(text: str, told: "_Told") -> bool:
    whole, begun = text.split(" ")
    return whole in told.names and _begins(begun, told)


def _has_post(text: str, told: "_Told") -> bool:
    wanted = "ผู้อำนวยการกองคลัง" if text.startswith("ผอ.") else text
    return any(wanted in office or wanted == _once(office) for office in told.offices)


def _once(office: str) -> str:
    """A post and a unit that share a word, with the word said once: ปลัดกระทรวงการคลัง."""
    return office.replace("กระทรวงกระทรวง", "กระทรวง").replace("จังหวัดจังหวัด", "จังหวัด")


def _in_unit(text: str, told: "_Told") -> bool:
    return text in told.path


def _has_name_in_unit(text: str, told: "_Told") -> bool:
    name, unit = text.split(" ", 1)
    return name in told.names and unit in told.path


def _has_number(text: str, told: "_Told") -> bool:
    return text in told.numbers


_KINDS: Final = (
    _Kind("name", lambda who, _: _thai(who)),
    _Kind("title", lambda who, _: f"{who.title}{who.name.given_th} {who.name.family_th}"),
    _Kind("unspaced", lambda who, _: who.name.given_th + who.name.family_th),
    _Kind("typo", lambda who, chance: f"{who.name.given_th} {_wrong_letter(who.name.family_th, chance)}"),
    _Kind("sound", lambda who, _: f"{_by_ear(who.name.given_th)} {_by_ear(who.name.family_th)}"),
    _Kind("royal", lambda who, _: f"{who.name.given_royal} {who.name.family_royal}"),
    _Kind("custom", lambda who, _: f"{who.name.given_custom} {who.name.family_custom}"),
    _Kind("given", lambda who, _: who.name.given_th, _has_name),
    _Kind("typing1", lambda who, _: who.name.given_th[:1].replace("เ", "ก"), _begins),
    _Kind("typing2", lambda who, _: who.name.given_th[:2], _begins),
    _Kind("typing4", lambda who, _: who.name.given_th[:4], _begins),
    _Kind("typing", lambda who, _: f"{who.name.given_th} {who.name.family_th[:4]}", _has_name_and_begins),
    _Kind("post", lambda who, _: _once(f"{who.office.head_th}{who.office.name_th}"), _has_post),
    _Kind("short", lambda who, _: "ผอ.กองคลัง", _has_post),
    _Kind("unit", lambda who, _: who.office.name_th, _in_unit),
    _Kind("inunit", lambda who, _: f"{who.name.given_th} {who.office.name_th}", _has_name_in_unit),
    _Kind("number", lambda who, _: who.office_phone.replace(" ", "")[3:], _has_number),
    _Kind("part", lambda who, _: who.mobile.replace(" ", "")[2:8], _has_number),
    _Kind("extension", lambda who, _: who.extension, _has_number),
    _Kind("address", lambda who, _: who.email.partition("@")[0]),
    _Kind("nobody", lambda who, chance: "".join(chance.choices("กขคงจชซฎฏฐ", k=9))),
)  # fmt: skip


class _Client:
    """An official who asks over HTTP, from a department of the generated government."""

    def __init__(self, asker: Official) -> None:
        token = tokens.issue_token(filling.person_key(asker), "bench")
        self._http = httpx.Client(
            base_url=environment().public_url, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    def ask(self, text: str) -> dict[str, Any]:
        answer = self._http.get(f"/api/v1/directory/search?q={quote(text)}&limit={_ANSWERS}")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def run(profile: Profile) -> list[Seen]:
    """Milliseconds and CPU of each kind, then the share of those meant that were found."""
    everybody = filling.fill(PEOPLE[profile.name], UNITS[profile.name])
    clear_counts()
    client = _Client(everybody[len(everybody) // 7])
    figures: list[Seen] = []
    meant = found = 0
    for kind in _KINDS:
        questions = list(_questions(kind, everybody))
        hits = sum(_is_hit(kind, client.ask(text), text, who) for text, who in questions)
        if kind.name != "nobody":
            meant, found = meant + len(questions), found + hits
        timed = measure(partial(_ask_next, client, cycle(text for text, _ in questions)), _ROUNDS)
        figures += timed.figures(f"directory.{kind.name}", f"{hits} of {len(questions)} true hits")
        clear_counts()
    figures.append(Seen("directory.hits", 100 * found / meant, note=f"{found} of {meant}"))
    return figures


def _ask_next(client: _Client, questions: Iterator[str]) -> None:
    client.ask(next(questions))


def clear_counts() -> None:
    """The measure of a day is made for people, not for benchmarks."""
    from pirab.core import db

    db.execute("delete from finding_reading where person_id > %s", (filling.BASE,))


def _questions(kind: _Kind, everybody: list[Official]) -> Iterator[tuple[str, Official]]:
    chance = random.Random(f"directory/{kind.name}")
    for _ in range(_QUESTIONS):
        who = chance.choice(everybody)
        while kind.name == "part" and who.hides_mobile:
            who = chance.choice(everybody)
        yield kind.asks(who, chance), who


def _is_hit(kind: _Kind, answer: dict[str, Any], text: str, who: Official) -> bool:
    """Whether the one person meant is among the answers; of common questions, whether those who fit come first."""
    people = answer["people"]
    if kind.name == "nobody":
        return not people
    if kind.fits is None:
        wanted = encode_id(IdKind.PERSON, filling.person_key(who))
        return any(person["id"] == wanted for person in people)
    units = {unit["id"]: unit for unit in answer["units"]}
    fitting = [kind.fits(text, _told(person, units)) for person in people]
    return bool(fitting) and fitting[0] and fitting == sorted(fitting, reverse=True)


def _told(person: dict[str, Any], units: dict[str, dict[str, Any]]) -> "_Told":
    places = [units[person["unitId"]], *(units[post["unitId"]] for post in person["posts"])]
    path = [units[key]["nameTh"] for place in places for key in place["path"]]
    numbers = "".join(person[field] + "/" for field in ("officePhone", "extension", "mobile")).replace(
        " ", ""
    )
    offices = [post["titleTh"] + units[post["unitId"]]["nameTh"] for post in person["posts"]]
    return _Told(person["nameTh"].split(), offices, path, numbers)


@dataclass(frozen=True)
class _Told:
    """What an answer says, for judging it without the index: parts of the name, posts with units, path, digits."""

    names: list[str]
    offices: list[str]
    path: list[str]
    numbers: str
