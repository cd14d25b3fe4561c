"""Contacts in files: vCard 2.1 to 4.0 (rfc2426, rfc6350) and the tables of Gmail and Outlook, to and from rfc9553.

Readers are total: any octets may come in, and what comes out is a list of cards and of complaints with their row.
"""

from pirab.wire.vcard.reading import read_vcards
from pirab.wire.vcard.tables import CsvStyle, read_table, table_rows
from pirab.wire.vcard.text import Entry, decoded, looks_like_vcards
from pirab.wire.vcard.writing import VcardVersion, write_vcards

__all__ = [
    "CsvStyle",
    "Entry",
    "VcardVersion",
    "decoded",
    "looks_like_vcards",
    "read_table",
    "read_vcards",
    "table_rows",
    "write_vcards",
]
