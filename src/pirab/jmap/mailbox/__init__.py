"""Mailbox (rfc8621#2): the folders and labels of an account."""
