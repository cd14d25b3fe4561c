"""Domain work on a thread's own database connection, surviving a restart of the database.

Doors are long-lived: a connection that was fine yesterday may lead to a server that is gone. Work that fails
because the connection is dead is run once more on a new one; everything a door runs here is either a question
or exactly-once by itself, so a second run changes nothing. What fails again is the caller's to answer with
"later".
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import Error, InterfaceError, OperationalError, connection

Result = TypeVar("Result")

DatabaseAway = Error
"""What is raised when the database can not answer now, whatever the reason."""


def run(work: Callable[[], Result]) -> Result:
    """The result of `work`, or what it raises (`DatabaseAway`); no broken connection stays behind."""
    try:
        return work()
    except (OperationalError, InterfaceError):
        connection.close()
    try:
        return work()
    except Error:
        connection.close()
        raise
