"""The reads again, in an account of 100,000 among 1,000 neighbours of 1,000: how many times the first figure."""

from benchmarks import filling, reading, searching
from benchmarks.mailbox import Profile
from benchmarks.mailbox.profiles import LETTER_20KB_FROM_END
from benchmarks.results import Seen
from benchmarks.surroundings import emails_in

_EVERYWHERE = "ดำเนินการ"


def run(profile: Profile) -> list[Seen]:
    """CPU of each read in the large account : in the one of 10,000, both measured now."""
    small, large = filling.reader(profile), filling.deep(profile)
    filling.crowd(profile)
    size = f"{emails_in(large.account_id):,} : {emails_in(small.account_id):,}"
    pairs = {
        "growth.inbox": (reading.open_inbox(small), reading.open_inbox(large)),
        "growth.letter": (
            reading.open_letter(small, LETTER_20KB_FROM_END),
            reading.open_letter(large, LETTER_20KB_FROM_END),
        ),
        "growth.search": (searching.search(small, _EVERYWHERE), searching.search(large, _EVERYWHERE)),
    }
    return [
        Seen(name, grown.cpu / first.cpu, note=f"{size} letters: CPU ms {grown.cpu:.2f} : {first.cpu:.2f}")
        for name, (first, grown) in pairs.items()
    ]
