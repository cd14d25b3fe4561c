"""Whole mailboxes leave as one file (ADR 0013).

Owned here: exports (`transfer_export`) and what is in them (`transfer_item`). The worker plans: it reads every letter
once and notes where its octets will stand in the file. The file itself is nowhere; any part of it can be made from
the plan.

Always true: the octets of a planned export never change, so a download that was cut goes on where it stopped. The
plan keeps its letters' blobs alive. A killed worker goes on after the last letter that it had noted.

On failure: an export whose bytes are missing ends the download short of its announced length, so nobody takes it for
whole.
"""
