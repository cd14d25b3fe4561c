"""Quota (RFC 9425): how much an account may hold, and how much it holds."""
