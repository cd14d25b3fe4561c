"""A small government to look at: agencies, people, and mail they might have written. Development only.

Every domain ends in `.test` (rfc2606#2), so nothing of it can ever reach a real office. Loading is idempotent: an
account that exists keeps its mail, password and token.
"""
