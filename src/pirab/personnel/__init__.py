"""The life of an account: the ways in, and what becomes of it when its owner moves or leaves.

Owned here: invitations and requests (`Enrolment`: one row and one secret link whatever way somebody came), the agency's
rule on who may join by themselves, its personnel list, tables of people opened at once, and moves and departures.

Always true:
- a link is good once, for seven days, for the person it was made for; only its digest is kept;
- nobody learns from these pages whether an address or a person exists: what is not proved looks like what is not;
- citizen numbers are never kept: a keyed digest of them, or of their last digits with name and year of birth, is;
- an account is opened whole or not at all, within the limits of every agency above it;
- what a day brings by itself (an end, a forwarding that runs out) is a row with a time, so a restart loses nothing.

On failure: a letter that cannot be sent now is tried again by its job; a table that was cut off goes on where it was.
"""
