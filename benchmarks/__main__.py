"""`./pirab bench [name…]`: run the benchmarks against the system of this home."""

import argparse
import os

import django


def main() -> None:
    """Pick the benchmarks by name and run them in order."""
    parser = argparse.ArgumentParser(prog="./pirab bench", description="Measure the running system.")
    names = ("lmtp", "inbound", "inbox", "memory")
    parser.add_argument(
        "name", nargs="*", choices=[[], *names], help=f"{', '.join(names)}; all when none is named"
    )
    parser.add_argument("--messages", type=int, default=2_000, help="letters to send (default 2000)")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pirab.conf.settings")
    django.setup()
    from benchmarks import inbound, inbox, lmtp, memory

    runs = {
        "lmtp": lambda: lmtp.run(options.messages),
        "inbound": lambda: inbound.run(options.messages // 2),
        "inbox": lambda: inbox.run(),
        "memory": lambda: memory.run(),
    }
    for name in options.name or names:
        runs[name]()


if __name__ == "__main__":
    main()
