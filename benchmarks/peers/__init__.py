"""Other mail servers with the same mail, measured in the same run: Dovecot (IMAP, LMTP) and Roundcube
over it.

Started privately on loopback, in control groups of their own, only when `--peers` asks for them, and stopped at the
end. What is missing is installed from the distribution with its services kept from starting.
"""

from benchmarks.mailbox import Profile
from benchmarks.results import Results


def run(results: Results, profile: Profile) -> None:
    """Start each peer, measure it, stop it; nothing of a peer runs while we are measured."""
    from benchmarks.peers import dovecot, packages, roundcube

    packages.install()
    try:
        dovecot.up(profile)
        dovecot.run(results, profile)
        roundcube.up()
        roundcube.run(results, profile)
    finally:
        roundcube.down()
        dovecot.down()
