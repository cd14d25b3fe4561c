"""The reads everybody makes: the inbox, a letter, its attachment; one client, and eight for the inbox."""

from collections.abc import Callable

from benchmarks import filling
from benchmarks.jmap_client import LETTER_PROPERTIES, JmapClient, inbox_calls
from benchmarks.mailbox import Profile
from benchmarks.mailbox.profiles import LETTER_2MB_FROM_END, LETTER_20KB_FROM_END, NO_LETTER_AFTER
from benchmarks.measuring import Measured, measure, rate
from benchmarks.results import Seen
from benchmarks.surroundings import BenchAccount, cpu_of_services

_ROUNDS = 300
_CLIENTS = 8
_BEFORE = f"{NO_LETTER_AFTER:%Y-%m-%dT%H:%M:%SZ}"


def inbox(profile: Profile) -> list[Seen]:
    """Open the inbox with one client."""
    return open_inbox(filling.reader(profile)).figures("inbox")


def inbox8(profile: Profile) -> list[Seen]:
    """Open the inbox with eight clients at once."""
    target = filling.reader(profile)
    clients = [_opener(JmapClient(target)) for _ in range(_CLIENTS)]
    for client in clients:
        client()
    with cpu_of_services() as cpu:
        answers = rate(clients)
    return [
        Seen("inbox8.rate", answers, note=f"CPU ms an answer {cpu.milliseconds_each(round(answers * 5))}")
    ]


def letter(profile: Profile) -> list[Seen]:
    """Open the letter of 20 kB: addresses, both bodies, attachments."""
    return open_letter(filling.reader(profile), LETTER_20KB_FROM_END).figures("letter")


def attachment(profile: Profile) -> list[Seen]:
    """Download the attachment of 2 MB; the server decodes it."""
    client = JmapClient(filling.reader(profile))
    email = client.newest(LETTER_2MB_FROM_END, before=_BEFORE)[-1]
    got = client.call(("Email/get", {"ids": [email], "properties": ["attachments"]}, "g"))[0]
    part = got["list"][0]["attachments"][0]

    def work() -> None:
        content = client.download(part["blobId"], part["type"])
        if len(content) != part["size"] or not content.startswith(b"%PDF"):
            raise SystemExit(f"not the attachment: {len(content)} octets")

    return measure(work, 60, warm_up=5).figures("attachment", f"{part['size'] / 1e6:.1f} MB")


def open_inbox(target: BenchAccount) -> Measured:
    """Milliseconds to open the account's inbox."""
    return measure(_opener(JmapClient(target)), _ROUNDS)


def open_letter(target: BenchAccount, from_end: int) -> Measured:
    """Milliseconds to open the letter that is the `from_end`th newest."""
    client = JmapClient(target)
    email = client.newest(from_end, before=_BEFORE)[-1]
    get = {
        "ids": [email],
        "properties": LETTER_PROPERTIES,
        "fetchHTMLBodyValues": True,
        "fetchTextBodyValues": True,
    }
    body = client.request(("Email/get", get, "g"))

    def work() -> None:
        answer = client.post(body)
        if b'"value":' not in answer:
            raise SystemExit(f"not a letter: {answer[:300]!r}")

    return measure(work, _ROUNDS)


def _opener(client: JmapClient) -> Callable[[], None]:
    body = client.request(*inbox_calls(client))

    def work() -> None:
        answer = client.post(body)
        if answer.count(b'"preview"') != 50:
            raise SystemExit(f"not an inbox of 50: {answer[:300]!r}")

    return work
