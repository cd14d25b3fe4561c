"""Resident memory of each service, shared pages counted once (PSS). No bar: it is printed, not judged."""

from benchmarks.mailbox import Profile
from benchmarks.results import Seen
from engines import resolver, status
from engines.site import load_environment


def run(profile: Profile) -> list[Seen]:
    """One line a service."""
    total = 0
    for process in status.collect(resolver.look(load_environment()))["processes"]:
        megabytes = process["resident_bytes"] / 10**6
        total += megabytes
        print(f"{process['name']:<52} {megabytes:.0f} MB in {process['members']} processes")
    print(f"{'all':<52} {total:.0f} MB")
    return []
