"""A private Redis that serves Rspamd alone: learned words and nothing that cannot be learned again."""

from engines.processes import Process, answers
from engines.rendering import Rendering
from engines.site import Site, make_directory

USER = "redis"


def configure(site: Site) -> Process:
    base = make_directory(site.directory("redis"), USER, USER, 0o750)
    rendering = Rendering(site)
    password = (site.environment.secrets_dir / "redis.password").read_text().strip()
    rendering.file(
        "redis/redis.conf", base / "redis.conf", group=USER, mode=0o640, base=base, password=password
    )
    login = f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode()
    return Process(
        name="redis",
        command=("/usr/bin/redis-server", str(base / "redis.conf")),
        user=USER,
        umask="077",
        # Only PONG will do: while it replays its log it lets everybody sign in, and refuses all else.
        is_ready=lambda: answers(site.environment.ports.redis, login, b"+PONG"),
        stamp=rendering.stamp,
        patience=60.0,
    )
