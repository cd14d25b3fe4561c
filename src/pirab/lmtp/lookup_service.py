"""The two doors of the lookups service and the threads behind them.

Questions run in a few threads with a database connection each; password hashes, which cost a hundred times
more, have threads of their own, so that guessing passwords can not slow down mail.
"""

import asyncio
import signal
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import count
from typing import Any, Final

from pirab.core import log
from pirab.directory.types import Scope
from pirab.lmtp import database_work
from pirab.lmtp.answers import Answers, Outside
from pirab.lmtp.door import Door, listen
from pirab.lmtp.sasl_connection import Authenticate, SaslConnection
from pirab.lmtp.socketmap import Answer, Lookup, Request, SocketmapConnection, Status
from pirab.signin import actions as signin
from pirab.signin.errors import ScopeMissing, SignInRefused, TooManyAttempts
from pirab.signin.stepup import require_scope
from pirab.signin.types import Door as SignInDoor
from pirab.signin.types import Origin

LOOKUP_THREADS: Final = 3
PASSWORD_THREADS: Final = 2

_log = log.get_logger(__name__)


async def serve(environment: Any) -> None:
    """Both doors of the installation described by `environment` (`pirab.conf.environment.Environment`)."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    answers = Answers(environment.lmtp_socket, Outside(environment.outbound.value))
    questions = ThreadPoolExecutor(LOOKUP_THREADS, "lookup")
    passwords = ThreadPoolExecutor(PASSWORD_THREADS, "password")
    lookup, authenticate = answering(answers, questions), authenticating(passwords)
    connection_ids = count(1)
    doors = (
        Door(listen(environment.lookups_socket), lambda: SocketmapConnection(lookup)),
        Door(listen(environment.sasl_socket), lambda: SaslConnection(next(connection_ids), authenticate)),
    )
    for door in doors:
        door.open()
    _log.info("lookups.ready")
    await stop.wait()
    for door in doors:
        door.close()


def answering(answers: Answers, executor: Executor) -> Lookup:
    """A lookup that never raises: while the database is away Postfix hears TEMP and says 451."""

    async def lookup(request: Request) -> Answer:
        try:
            return await asyncio.get_running_loop().run_in_executor(
                executor, database_work.run, lambda: answers.answer(request)
            )
        except database_work.DatabaseAway as error:
            _log.warning("lookup.database_away", map=request.map_name, error=type(error).__name__)
            return Answer(Status.TEMP, "database is away")
        except Exception:  # noqa: BLE001 - a fault of ours must hold mail, not end the service
            _log.exception("lookup.failed", map=request.map_name)
            return Answer(Status.TEMP, "internal error")

    return lookup


def authenticating(executor: Executor) -> Authenticate:
    """A password check in its own threads, behind the same brake as every other sign-in; raises what the directory
    raises when it can not be told now.
    """

    def check(login: str, password: str, address: str) -> str | None:
        try:
            caller = signin.authenticate(login, password, Origin(address), SignInDoor.SUBMISSION)
            require_scope(caller, Scope.SUBMIT)
            return caller.principal.email
        except (SignInRefused, ScopeMissing):
            return None
        except TooManyAttempts as error:
            _log.warning("sasl.braked", login=login, address=address, wait_seconds=error.retry_after)
            return None

    async def authenticate(login: str, password: str, address: str) -> str | None:
        return await asyncio.get_running_loop().run_in_executor(
            executor, database_work.run, lambda: check(login, password, address)
        )

    return authenticate
