"""The entrance: what becomes of a letter to a group."""

from __future__ import annotations

import msgspec

from pirab.directory.types import GroupInfo
from pirab.groups import moderation
from pirab.groups.list_fields import with_list_fields
from pirab.groups.posting import judge
from pirab.groups.spreading import spread
from pirab.groups.types import Answer, Letter
from pirab.store import actions as store


def take(letter: Letter, group: GroupInfo) -> Answer:
    """What becomes of a letter to the group; nothing else is to be done about it.

    Part of the caller's transaction. The same letter handed over again gets the same answer and changes nothing.
    """
    answer = judge(letter, group)
    if answer in (Answer.SPREAD, Answer.WAITS):
        marked = msgspec.structs.replace(letter, content=with_list_fields(letter.content, group))
        message = store.ensure_message(marked.content)
        if answer is Answer.SPREAD:
            spread(marked, group, message)
        else:
            moderation.keep_waiting(marked, group, message)
    return answer
