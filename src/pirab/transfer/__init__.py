"""Whole mailboxes leave as one file, and come in from one (ADR 0013).

Owned here: exports (`transfer_export`) and what is in them (`transfer_item`). The worker plans: it reads every letter
once and notes where its octets will stand in the file. The file itself is nowhere; any part of it can be made from
the plan.

Always true: the octets of a planned export never change, so a download that was cut goes on where it stopped. The
plan keeps its letters' blobs alive. A killed worker goes on after the last letter that it had noted.

Imports (`transfer_import`) come in parts (`transfer_part`). The worker finds the letters in them, has each scanned, and
files it and ticks it off in one transaction; what cannot be filed is told (`transfer_problem`) and passed over. A
scanner that is down means later.

On failure: an export whose bytes are missing ends the download short of its announced length, so nobody takes it for
whole.
"""
