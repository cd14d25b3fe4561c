"""Whose letters a group takes."""

from __future__ import annotations

from pirab.directory import queries as directory
from pirab.directory.types import Audience, GroupInfo, PostingPolicy
from pirab.groups.list_fields import has_passed
from pirab.groups.types import Answer, Letter
from pirab.store.types import MailboxRole


def judge(letter: Letter, group: GroupInfo) -> Answer:
    """What becomes of the letter: `SPREAD`, `WAITS`, or the refusal of the session.

    Reports with a null path are for managers alone (`audience_of` says so) and are always taken.
    """
    if not group.is_active:
        return Answer.CLOSED
    if has_passed(letter.content, group):
        return Answer.LOOP
    if letter.role is MailboxRole.JUNK:
        return Answer.JUNK
    if not letter.reverse_path:
        return Answer.SPREAD
    return _by_policy(letter, group)


def audience_of(letter: Letter, group: GroupInfo) -> Audience:
    """Whom the letter is for: its members; of a report on a copy of ours, the managers."""
    return directory.audience(group.id) if letter.reverse_path else directory.managers(group.id)


def _by_policy(letter: Letter, group: GroupInfo) -> Answer:
    policy = group.facts.posting
    if policy is PostingPolicy.OPEN:
        return Answer.SPREAD
    if policy is PostingPolicy.MODERATED:
        is_manager = letter.is_vouched_for and _is_one_of(letter.reverse_path, directory.managers(group.id))
        return Answer.SPREAD if is_manager else Answer.WAITS
    if not letter.is_vouched_for:
        return Answer.UNKNOWN_WRITER
    managers = directory.managers(group.id)
    if _is_one_of(letter.reverse_path, managers):
        return Answer.SPREAD
    if policy is PostingPolicy.MEMBERS and _is_one_of(letter.reverse_path, directory.audience(group.id)):
        return Answer.SPREAD
    return Answer.NOT_PERMITTED


def _is_one_of(address: str, audience: Audience) -> bool:
    found = directory.resolve_recipient(address)
    if found is not None:
        return found.account_id in audience.account_ids
    normal = directory.normal_form(address)
    return normal is not None and normal in audience.outside
