"""One Thai word, newest 50 first: how long, and how many of the letters that hold it are found."""

from benchmarks import filling
from benchmarks.jmap_client import LIST_PROPERTIES, NEWEST_FIRST, JmapClient, of_ids
from benchmarks.mailbox import Profile
from benchmarks.mailbox.vocabulary import COMMON, DEEP, RARE
from benchmarks.measuring import Measured, measure
from benchmarks.results import Seen
from benchmarks.surroundings import BenchAccount

_WORDS = {"rare": RARE, "common": COMMON, "deep": DEEP}


def run(profile: Profile) -> list[Seen]:
    """Each planted word, then the worst share of true hits."""
    target = filling.reader(profile)
    figures: list[Seen] = []
    shares: dict[str, float] = {}
    for kind, word in _WORDS.items():
        true = profile.true_hits(word)
        found = hits(target, word)
        shares[f"{kind} {found} of {true}"] = 100 * found / true
        figures += search(target, word).figures(f"search.{kind}", f"{found} of {true} true hits")
    figures.append(Seen("search.hits", min(min(shares.values()), 100), note=", ".join(shares)))
    return figures


def search(target: BenchAccount, word: str) -> Measured:
    """Milliseconds for the ids of the 50 newest."""
    client = JmapClient(target)
    query = {"filter": {"inMailbox": client.inbox_id, "text": word}, "sort": NEWEST_FIRST, "limit": 50}
    body = client.request(("Email/query", query, "q"))
    return measure(lambda: client.post(body), 100)


def search_and_list(target: BenchAccount, word: str) -> Measured:
    """The same with what a list shows of each: what a person waits for."""
    client = JmapClient(target)
    query = {"filter": {"inMailbox": client.inbox_id, "text": word}, "sort": NEWEST_FIRST, "limit": 50}
    get = of_ids("q") | {"properties": LIST_PROPERTIES}
    body = client.request(("Email/query", query, "q"), ("Email/get", get, "g"))
    return measure(lambda: client.post(body), 100)


def hits(target: BenchAccount, word: str) -> int:
    """How many letters of the inbox the word finds, counted page by page."""
    client = JmapClient(target)
    found: set[str] = set()
    while True:
        query = {
            "filter": {"inMailbox": client.inbox_id, "text": word},
            "sort": NEWEST_FIRST,
            "position": len(found),
            "limit": 500,
        }
        page = set(client.call(("Email/query", query, "q"))[0]["ids"])
        if not page - found:
            return len(found)
        found |= page
