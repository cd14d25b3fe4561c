"""Words taken anew from letters that an older tokenizer has read."""

from __future__ import annotations

from typing import Final

from pirab.blob.errors import BlobCorrupt, BlobMissing
from pirab.core import db
from pirab.store.tokens import TOKENIZER_VERSION
from pirab.store.words import words_of_message


def renew_words(limit: int) -> int:
    """Bring letters up to the present tokenizer, at most `limit`; returns how many were behind.

    Until then they are found as the older one could. A letter that many hold is read once.
    """
    found = db.rows(_OLD, {"limit": limit})
    for message_id, digest in found:
        with db.transaction():
            # as `set_attachment_text` does, so that its words and these do not overtake each other
            db.row("select id from store_message where id = %s for update", (message_id,))
            tokens = _tokens(message_id, bytes(digest))
            for renew in (_RENEW, _RENEW_SHARED):
                db.execute(renew, {"message": message_id, "tokens": tokens, "version": TOKENIZER_VERSION})
    return len(found)


def _tokens(message_id: int, digest: bytes) -> str | None:
    try:
        return words_of_message(message_id, digest)
    except (BlobMissing, BlobCorrupt):  # `blob verify` tells of that; its old words stay
        return None


# The number stands in the text: only so do the partial indexes answer, whose condition is the same number. A tokenizer
# of a new version brings a migration that makes them anew; a test holds the two together.
_OLD: Final = f"""
    select g.id, g.digest from store_message g
     where g.id in (select message_id from store_message_search where version < {TOKENIZER_VERSION} limit %(limit)s)
    union
    select g.id, g.digest
      from (select account_id, email_id from store_email_search where version < {TOKENIZER_VERSION} limit %(limit)s) s
     cross join lateral (select message_id from store_email where account_id = s.account_id and id = s.email_id
                         offset 0) e
      join store_message g on g.id = e.message_id
     limit %(limit)s
"""  # noqa: S608 - a number of our own

_RENEW: Final = """
    update store_email_search s
       set tokens = coalesce(%(tokens)s::tsvector, s.tokens), version = %(version)s
      from store_email e
     where e.message_id = %(message)s and s.account_id = e.account_id and s.email_id = e.id
       and s.version < %(version)s
"""

_RENEW_SHARED: Final = """
    update store_message_search s
       set tokens = coalesce(%(tokens)s::tsvector, s.tokens), version = %(version)s
     where s.message_id = %(message)s and s.version < %(version)s
"""
