"""The operators' door: what administrators do, as actions that the command line and later pages call.

Owned here: opening an account (directory and store together), demo data, nightly upkeep. Nothing here reads mail.
"""
