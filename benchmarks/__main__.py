"""`./pirab bench [name…]`: run the benchmarks against the system of this home."""

import argparse
import os

import django

from benchmarks.mailbox import PROFILES


def main() -> None:
    """Pick the benchmarks by name, run them in order, print one table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pirab.conf.settings")
    django.setup()
    from benchmarks.registry import BENCHMARKS
    from benchmarks.results import Results
    from benchmarks.surroundings import worker_seconds

    parser = argparse.ArgumentParser(prog="./pirab bench", description="Measure the running system.")
    parser.add_argument(
        "name", nargs="*", choices=[[], *BENCHMARKS], help=f"{', '.join(BENCHMARKS)}; all when none is named"
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        default="full",
        help="full: 12,000 letters, about 1 GB; small: a tenth, to see that all works (default full)",
    )
    parser.add_argument(
        "--peers",
        action="store_true",
        help="measure Dovecot and Roundcube with the same mail first; installed if need be, on loopback only",
    )
    options = parser.parse_args()
    results = Results()
    if options.peers:
        from benchmarks import peers

        peers.run(results, PROFILES[options.profile])
    before = worker_seconds()
    for name in options.name or BENCHMARKS:
        print(f"\n{name}")
        results.add(BENCHMARKS[name](PROFILES[options.profile]))
    worked = worker_seconds() - before
    results.beside = (
        f"The worker used {worked:.0f} s of CPU beside it; PostgreSQL's part of that is in the figures."
    )
    print(f"\n{results.markdown()}")


if __name__ == "__main__":
    main()
