"""Tables of the directory. Only `actions` writes them and only `queries` reads them."""

from __future__ import annotations

from pirab.directory.models.accounts import Account, Address, Membership
from pirab.directory.models.agencies import Agency, Domain, Duty
from pirab.directory.models.groups import Group, GroupMember
from pirab.directory.models.people import Holding, Person, Post, Profile

__all__ = [
    "Account",
    "Address",
    "Agency",
    "Domain",
    "Duty",
    "Group",
    "GroupMember",
    "Holding",
    "Membership",
    "Person",
    "Post",
    "Profile",
]
