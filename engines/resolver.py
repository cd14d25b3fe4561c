"""Whether this machine can resolve names, found out before anything waits for it.

Rspamd without a resolver spends six seconds on every message before it gives up. A resolver that serves the public
name space always knows the name servers of the root; one that does not (a closed network that answers "no such name"
to everything, a port nobody listens on) does not.
"""

import secrets
import socket
import struct
import time
from pathlib import Path

from engines.site import DnsState, Site
from pirab.conf.environment import DnsChecks, Environment

_TIMEOUT_SECONDS = 1.0
_PORT = 53
_SYSTEM_FILE = Path("/etc/resolv.conf")
_NOERROR = 0
_TYPE_NS = 2


def nameservers(resolv_conf: Path) -> tuple[str, ...]:
    """The addresses of the ``nameserver`` lines, at most three as the C library takes them."""
    try:
        lines = resolv_conf.read_text(errors="replace").splitlines()
    except OSError:
        return ()
    found = [line.split()[1] for line in lines if line.startswith("nameserver") and len(line.split()) > 1]
    return tuple(found[:3])


def look(environment: Environment) -> Site:
    """The site of these settings on this machine as it is now."""
    dns, servers = state(environment)
    return Site(environment=environment, dns=dns, nameservers=servers)


def state(environment: Environment) -> tuple[DnsState, tuple[str, ...]]:
    """Whether Rspamd may ask the DNS, and whom. ``PIRAB_DNS`` overrides the look; a given file must only answer."""
    servers = nameservers(environment.resolv_conf or _SYSTEM_FILE)
    if environment.dns is DnsChecks.OFF or not servers:
        return DnsState.OFF, servers
    if environment.dns is DnsChecks.ON:
        return DnsState.WORKING, servers
    codes = [_ask_for_root(server) for server in servers]
    # A file given on purpose may be a private name space without a root; that it answers is enough.
    works = any(code is not None for code in codes) if environment.resolv_conf else _NOERROR in codes
    return (DnsState.WORKING if works else DnsState.OFF), servers


def _ask_for_root(server: str) -> int | None:
    """The response code to "who serves the root?"; none when nothing comes back in time."""
    identity = secrets.randbits(16)
    query = struct.pack(">HHHHHH", identity, 0x0100, 1, 0, 0, 0) + b"\0" + struct.pack(">HH", _TYPE_NS, 1)
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as channel:
            channel.connect((server, _PORT))
            channel.send(query)
            while (left := deadline - time.monotonic()) > 0:
                channel.settimeout(left)
                reply = channel.recv(4096)
                if len(reply) >= 12 and struct.unpack(">H", reply[:2])[0] == identity:
                    return reply[3] & 0x0F
    except OSError:
        return None
    return None
