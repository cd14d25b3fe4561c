"""The engines: everything that is not written here but runs here, configured, started, supervised and watched.

Owns: the rendered configuration of Postfix, Rspamd, ClamAV, Redis, PostgreSQL and nginx below the home directory, the
supervisor that keeps them and our own services alive, and every operator command behind the script ``pirab``.

Always true: nothing outside the home directory is written except the system user ``pirab`` and control groups; a
second start does only what the first left undone; a process that is killed leaves nothing of its tree behind; a
scanner that is down makes mail wait.

On failure a command stops with one sentence that says what failed and one that says what to do (`progress.Failure`).
The application never imports this package; it imports only `pirab.conf.environment` from the application.
"""
