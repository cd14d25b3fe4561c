"""`python -m pirab.lmtp.serve`: takes mail from Postfix by LMTP on a unix socket until SIGTERM.

The parent binds the socket and keeps `WORKERS` equal processes alive; everything is loaded before they are
forked, so they share most of their memory.
"""

import gc
import os
from typing import Final

import django
from django.conf import settings

from pirab.core import db, log, thai
from pirab.lmtp import door
from pirab.lmtp.workers import Workers

WORKERS: Final = 2


def main() -> None:
    """Serve until SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pirab.conf.settings")
    django.setup()
    log.configure("lmtp", settings.ENVIRONMENT.log_level)
    db.plan_statements_once()
    from pirab.lmtp import service  # models exist only after django.setup

    thai.dictionary()  # read once here instead of in every thread of every worker
    listener = door.listen(settings.ENVIRONMENT.lmtp_socket)
    gc.collect()
    gc.freeze()  # or the first collection in a worker would copy every page they share
    Workers(WORKERS, lambda parent_alive: service.work(listener, parent_alive, settings.ENVIRONMENT)).run()


if __name__ == "__main__":
    main()
