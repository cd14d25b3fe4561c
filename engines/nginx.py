"""A private nginx in front: the web client's files, and the way to the application."""

from pathlib import Path

from engines.processes import Process, accepts_tcp
from engines.rendering import Rendering
from engines.site import Site, make_directory
from pirab.conf.environment import REPOSITORY

USER = "www-data"
_BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
_LARGEST_BODY_FACTOR = 1.25
"""A blob upload may be a little larger than a message: encodings and parts of a draft."""


def configure(site: Site) -> Process:
    base = make_directory(site.directory("nginx"))
    make_directory(base / "tmp", USER, USER, 0o700)
    rendering = Rendering(site)
    environment = site.environment
    rendering.file(
        "nginx/nginx.conf", base / "nginx.conf", base=base, pages=REPOSITORY / "web" / "dist",
        brotli=_BROTLI if _BROTLI.exists() else None,
        largest_body=int(environment.message_size_limit * _LARGEST_BODY_FACTOR),
    )  # fmt: skip
    rendering.file("nginx/headers.conf", base / "headers.conf", content_policy=CONTENT_POLICY)
    return Process(
        name="nginx",
        command=(
            "/usr/sbin/nginx",
            "-p",
            str(base),
            "-c",
            str(base / "nginx.conf"),
            "-e",
            "stderr",
            "-g",
            "daemon off;",
        ),
        umask="022",
        is_ready=lambda: accepts_tcp(environment.ports.http, environment.bind_address),
        stamp=rendering.stamp,
        stop_signal="QUIT",  # let requests end
        stop_seconds=5,
        log_files=(environment.log_dir / "access.log",),
    )


CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        # Letters carry colours in style attributes; the client's second sanitiser reads them before the frame does.
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        # A letter is shown in /message-frame.html, which has a policy of its own (ADR 0007).
        "frame-src 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
