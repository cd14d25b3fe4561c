"""Address books, cards and correspondents of an account (rfc9610, rfc9553; ADR 0024).

Owned here: books and the cards in them (`books`, `cards`: the only writers; `queries`: the reader), whom an account
writes to (`correspondents`), the ties between cards and directory entries (`links`), what comes and goes as vCard and
CSV (`importing`, `exporting`), and the completion of what is typed into a recipient field (`completion`).

Always true:
- an account that was ever asked for its books has a default one, and the default one is not destroyed;
- a card is in at least one book of its own account; its `uid` is the account's only one;
- every change of a book or card is in the account's change log in the same transaction;
- cards are valid rfc9553 when they come in, and what is derived from them (search texts, addresses) is kept beside;
- only letters that people send are counted, never those that come in, so that junk teaches nothing.

All tables are hash-partitioned by account and written and read by SQL of this room alone, so they have no models.
"""
