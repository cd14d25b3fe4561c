"""Resident memory of each service, shared pages counted once (PSS)."""

from benchmarks.surroundings import heading, line
from engines import status
from engines.site import Site, load_environment


def run() -> None:
    """One row a service."""
    heading("Memory of each service, proportional set size")
    total = 0
    for process in status.collect(_site())["processes"]:
        megabytes = process["resident_bytes"] / 10**6
        total += megabytes
        line(process["name"], f"{megabytes:.0f} MB in {process['members']} processes", "–")
    line("all", f"{total:.0f} MB", "–")


def _site() -> Site:
    from engines import resolver

    return resolver.look(load_environment())
