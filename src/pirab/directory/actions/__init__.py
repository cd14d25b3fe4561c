"""The only writers of the directory. Each action is one transaction and may be repeated."""

from pirab.directory.actions.accounts import add_address, grant, open_account, revoke, set_quota
from pirab.directory.actions.agencies import (
    close_agency,
    create_agency,
    edit_agency,
    ensure_agency,
    ensure_domain,
    move_agency,
    set_agency_quota,
    set_limits,
)
from pirab.directory.actions.duties import appoint, dismiss
from pirab.directory.actions.people import (
    choose_hidden,
    create_person,
    disable_person,
    edit_person,
    edit_profile,
    enable_person,
    place_person,
    set_listed,
    set_password,
    set_picture,
)
from pirab.directory.actions.posts import abolish_post, create_post, edit_post, hold_post, release_post

__all__ = [
    "abolish_post",
    "add_address",
    "appoint",
    "choose_hidden",
    "close_agency",
    "create_agency",
    "create_person",
    "create_post",
    "disable_person",
    "dismiss",
    "edit_agency",
    "edit_person",
    "edit_post",
    "edit_profile",
    "enable_person",
    "ensure_agency",
    "ensure_domain",
    "grant",
    "hold_post",
    "move_agency",
    "open_account",
    "place_person",
    "release_post",
    "revoke",
    "set_agency_quota",
    "set_limits",
    "set_listed",
    "set_password",
    "set_picture",
    "set_quota",
]
