"""What keeps a message from being judged."""

from pirab.core.errors import TemporaryError


class ScannerUnavailable(TemporaryError):
    """The scanner gave no verdict; the message must wait"""
