"""A made-up government mailbox: the same letters, octet for octet, for the same profile and seed.

Official letters with document numbers, Thai digits and unspaced runs, English ones, threads, lists, HTML beside plain
text, legacy charsets, and attachments with the sizes offices send. Words whose true places are known are planted, so
that a search can be judged by what it finds and not only by how fast it is.
"""

from benchmarks.mailbox.letters import Folder, Letter
from benchmarks.mailbox.profiles import PROFILES, Profile, short_letters, write

__all__ = ["PROFILES", "Folder", "Letter", "Profile", "short_letters", "write"]
