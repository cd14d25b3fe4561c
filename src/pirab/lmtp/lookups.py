"""`python -m pirab.lmtp.lookups`: answers Postfix's questions on two unix sockets until SIGTERM.

`lookups.sock` speaks socketmap, `sasl.sock` Dovecot's authentication protocol.
"""

import asyncio
import os

import django
from django.conf import settings

from pirab.core import log


def main() -> None:
    """Serve until SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pirab.conf.settings")
    django.setup()
    log.configure("lookups", settings.ENVIRONMENT.log_level)
    from pirab.lmtp import lookup_service  # models exist only after django.setup

    asyncio.run(lookup_service.serve(settings.ENVIRONMENT))


if __name__ == "__main__":
    main()
