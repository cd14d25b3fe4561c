"""What the surroundings told this installation, read once from ``PIRAB_*`` and checked.

Standard library only: the command line starts from here before any package is installed, and every service
reads the same values. A wrong value raises `ConfigurationError`, whose text is one line that names the variable,
what was found and what is accepted. Nothing here writes to disk; secrets are files made by the first ``./pirab up``
and are read only when asked for, so that a value object can travel through logs without carrying them.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parents[3]
"""The checkout this code runs from: the directory that holds the script ``pirab``."""

LONGEST_HOME = 70
"""Octets a home path may have: a unix socket address holds 107 and our longest socket name needs the rest."""


class ConfigurationError(Exception):
    """A ``PIRAB_*`` variable, or a file it points to, cannot be used; the text is one line for the operator."""


class Mode(StrEnum):
    """Which promises hold: development opens test doors on loopback, production opens none."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Outbound(StrEnum):
    """Who may be written to outside this installation."""

    TEST = "test"
    """Only domains below the reserved top level ``.test`` (rfc2606#2); everything else is refused with 5.7.1."""
    ON = "on"
    OFF = "off"


class DnsChecks(StrEnum):
    """Whether Rspamd asks the DNS: ``auto`` probes the resolver at every start."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class SignatureSource(StrEnum):
    """Where virus signatures come from: ``auto`` tries freshclam and falls back to the small local set."""

    AUTO = "auto"
    LOCAL = "local"


_PORT_DEFAULTS: Mapping[str, tuple[int, int]] = {
    # name: (default, offset from PIRAB_PORT_BASE)
    "http": (8080, 80),
    "smtp": (2525, 25),
    "submission": (2587, 87),
    "postgres": (15432, 32),
    "redis": (16379, 79),
    "rspamd_proxy": (21332, 33),
    "rspamd_normal": (21333, 34),
    "rspamd_controller": (21334, 35),
    "clamd": (13310, 10),
    "reinject": (10587, 88),
    "app": (18081, 81),
    "push": (18082, 82),
}

_OTHER_NAMES = (
    "HOME",
    "PORT_BASE",
    "MODE",
    "HOSTNAME",
    "PUBLIC_URL",
    "BIND_ADDRESS",
    "OUTBOUND",
    "RESOLV_CONF",
    "DNS",
    "SIGNATURES",
    "MESSAGE_SIZE_LIMIT",
    "QUOTA_DEFAULT",
    "UNDO_SECONDS",
    "RETRY_SECONDS",
    "DELAY_WARNING_SECONDS",
    "QUEUE_LIFETIME_SECONDS",
    "APP_WORKERS",
    "RSPAMD_WORKERS",
    "LOG_LEVEL",
    "PUSH_HOSTS",
    "PUSH_NETWORKS",
    "PUSH_CA",
    "BREACH_LIST",
)


_NEAR_HOSTS = "localhost,127.0.0.1,*.test"
_NEAR_NETWORKS = "127.0.0.0/8"
"""Where push messages may go in development: this machine, and names that exist nowhere else (rfc2606#2)."""


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports, all on loopback except http, smtp and submission, which listen on the bind address."""

    http: int
    smtp: int
    submission: int
    postgres: int
    redis: int
    rspamd_proxy: int
    rspamd_normal: int
    rspamd_controller: int
    clamd: int
    reinject: int
    app: int
    push: int

    def by_name(self) -> dict[str, int]:
        """Every port with the name its variable carries, in the order of the reference page."""
        return {name: getattr(self, name) for name in _PORT_DEFAULTS}


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """How a client reaches PostgreSQL: ``host`` is the directory of the unix socket."""

    host: str
    port: int
    name: str
    user: str


@dataclass(frozen=True, slots=True)
class Environment:
    """One installation's settings and the layout of its home directory. Sizes are octets, times are seconds."""

    home: Path
    ports: Ports
    mode: Mode
    hostname: str
    public_url: str
    bind_address: str
    outbound: Outbound
    resolv_conf: Path | None
    dns: DnsChecks
    signatures: SignatureSource
    message_size_limit: int
    quota_default: int
    undo_seconds: int
    retry_seconds: int
    delay_warning_seconds: int
    queue_lifetime_seconds: int
    app_workers: int
    rspamd_workers: int
    log_level: str
    push_hosts: tuple[str, ...]
    push_networks: tuple[str, ...]
    push_ca: Path | None
    breach_list: Path | None

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "Environment":
        """Read and check every variable; raises `ConfigurationError` for the first one that cannot be used."""
        read = _Reader(environ)
        mode = Mode(read.choice("MODE", Mode.DEVELOPMENT, tuple(Mode)))
        ports = _ports(read)
        outbound_default = Outbound.ON if mode is Mode.PRODUCTION else Outbound.TEST
        return cls(
            home=_home(read),
            ports=ports,
            mode=mode,
            hostname=read.hostname("HOSTNAME", "mail.pirab.test"),
            public_url=read.url("PUBLIC_URL", f"http://localhost:{ports.http}"),
            bind_address=read.ip_address("BIND_ADDRESS", "127.0.0.1"),
            outbound=Outbound(read.choice("OUTBOUND", outbound_default, tuple(Outbound))),
            resolv_conf=read.existing_file("RESOLV_CONF"),
            dns=DnsChecks(read.choice("DNS", DnsChecks.AUTO, tuple(DnsChecks))),
            signatures=SignatureSource(
                read.choice("SIGNATURES", SignatureSource.AUTO, tuple(SignatureSource))
            ),
            message_size_limit=read.number("MESSAGE_SIZE_LIMIT", 52_428_800, 65_536, 1_073_741_824),
            quota_default=read.number("QUOTA_DEFAULT", 3 * 10**9, 1_000_000, 10**15),
            undo_seconds=read.number("UNDO_SECONDS", 10, 0, 3600),
            retry_seconds=read.number("RETRY_SECONDS", 300, 1, 86_400),
            delay_warning_seconds=read.number("DELAY_WARNING_SECONDS", 4 * 3600, 1, 30 * 86_400),
            queue_lifetime_seconds=read.number("QUEUE_LIFETIME_SECONDS", 5 * 86_400, 10, 100 * 86_400),
            app_workers=read.number("APP_WORKERS", 2, 1, 64),
            rspamd_workers=read.number("RSPAMD_WORKERS", 2, 1, 64),
            log_level=read.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
            push_hosts=read.host_patterns("PUSH_HOSTS", "" if mode is Mode.PRODUCTION else _NEAR_HOSTS),
            push_networks=read.networks("PUSH_NETWORKS", "" if mode is Mode.PRODUCTION else _NEAR_NETWORKS),
            push_ca=read.existing_file("PUSH_CA"),
            breach_list=read.existing_file("BREACH_LIST"),
        )

    # -- the layout of the home directory -------------------------------------------------------------------

    @property
    def run_dir(self) -> Path:
        """Sockets, process ids and the small JSON files that ``status`` reads; may vanish between two starts."""
        return self.home / "run"

    @property
    def log_dir(self) -> Path:
        return self.home / "log"

    @property
    def secrets_dir(self) -> Path:
        return self.home / "secrets"

    @property
    def keyring_dir(self) -> Path:
        """Keys that wrap the data keys of blobs, one file a key."""
        return self.secrets_dir / "keys"

    @property
    def blob_dir(self) -> Path:
        return self.home / "blobs"

    @property
    def dkim_dir(self) -> Path:
        """Private keys that Rspamd signs with, named ``<domain>.<selector>.key``."""
        return self.home / "dkim"

    @property
    def lmtp_socket(self) -> Path:
        return self.run_dir / "lmtp" / "lmtp.sock"

    @property
    def lookups_socket(self) -> Path:
        """Where Postfix asks for domains, recipients, transports, quota and sender logins (socketmap)."""
        return self.run_dir / "lookups" / "lookups.sock"

    @property
    def sasl_socket(self) -> Path:
        """Where Postfix asks for submission passwords (Dovecot authentication protocol)."""
        return self.run_dir / "lookups" / "sasl.sock"

    @property
    def demo_file(self) -> Path:
        """The demo sign-ins, written by the demo command and shown by ``status``."""
        return self.run_dir / "demo.json"

    @property
    def database(self) -> DatabaseAddress:
        return DatabaseAddress(str(self.run_dir / "postgres"), self.ports.postgres, "pirab", "pirab")

    # -- secrets: read at the moment of use -----------------------------------------------------------------

    @property
    def database_password(self) -> str:
        return _secret(self.secrets_dir / "postgres.password")

    @property
    def secret_key(self) -> str:
        """The key Django signs with."""
        return _secret(self.secrets_dir / "django.key")

    @property
    def scan_token(self) -> str:
        """What proves that a scan header was written by our own Rspamd."""
        return _secret(self.secrets_dir / "scan.token")

    @property
    def is_production(self) -> bool:
        return self.mode is Mode.PRODUCTION


def unknown_names(environ: Mapping[str, str] = os.environ) -> list[str]:
    """``PIRAB_*`` variables that nothing reads: most often a spelling mistake, so ``up`` mentions them."""
    known = {f"PIRAB_{name}" for name in _OTHER_NAMES}
    known |= {f"PIRAB_{name.upper()}_PORT" for name in _PORT_DEFAULTS}
    candidates = [
        name for name in environ if name.startswith("PIRAB_") and not name.startswith("PIRAB_TEST_")
    ]
    return sorted(name for name in candidates if name not in known)


def _home(read: "_Reader") -> Path:
    home = Path(read.text("HOME", str(REPOSITORY / "var")))
    if not home.is_absolute():
        raise ConfigurationError(f"PIRAB_HOME is {str(home)!r}: it must be an absolute path")
    if len(os.fsencode(home)) > LONGEST_HOME:
        raise ConfigurationError(
            f"PIRAB_HOME is {len(os.fsencode(home))} octets long: at most {LONGEST_HOME}, for unix sockets lie below it"
        )
    if re.search(r"[^A-Za-z0-9_./+-]", str(home)):
        raise ConfigurationError(
            f"PIRAB_HOME is {str(home)!r}: only letters, digits and _ . / + - are accepted"
        )
    return home


def _ports(read: "_Reader") -> Ports:
    base = read.number("PORT_BASE", 0, 0, 65_000)
    chosen = {}
    for name, (default, offset) in _PORT_DEFAULTS.items():
        chosen[name] = read.number(f"{name.upper()}_PORT", base + offset if base else default, 1, 65_535)
    taken: dict[int, str] = {}
    for name, port in chosen.items():
        if port in taken:
            raise ConfigurationError(
                f"PIRAB_{name.upper()}_PORT is {port}, which PIRAB_{taken[port].upper()}_PORT already uses"
            )
        taken[port] = name
    return Ports(**chosen)


def _secret(path: Path) -> str:
    try:
        value = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise ConfigurationError(f"{path} is missing: the first ./pirab up makes it") from None
    except PermissionError:
        raise ConfigurationError(f"{path} may not be read by this user: run as root or pirab") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is damaged: it must be plain ASCII") from None
    if not value:
        raise ConfigurationError(f"{path} is empty: restore it from the backup")
    return value


class _Reader:
    """Typed access to the variables; every method names the variable in its complaint."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        value = self._environ.get(f"PIRAB_{name}", "").strip()
        if any(ord(char) < 32 or ord(char) == 127 for char in value):
            raise ConfigurationError(f"PIRAB_{name} is {value!r}: control characters are not accepted")
        return value or default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,18}", raw) or not low <= int(raw) <= high:
            raise ConfigurationError(
                f"PIRAB_{name} is {raw!r}: a whole number from {low} to {high} is needed"
            )
        return int(raw)

    def choice(self, name: str, default: str, accepted: tuple[str, ...]) -> str:
        raw = self.text(name, default)
        if raw not in accepted:
            raise ConfigurationError(f"PIRAB_{name} is {raw!r}: one of {', '.join(accepted)} is needed")
        return raw

    def hostname(self, name: str, default: str) -> str:
        raw = self.text(name, default).lower()
        label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
        if len(raw) > 253 or not re.fullmatch(rf"{label}(\.{label})+", raw):
            raise ConfigurationError(
                f"PIRAB_{name} is {raw!r}: a full host name such as mail.example.go.th is needed"
            )
        return raw

    def host_patterns(self, name: str, default: str) -> tuple[str, ...]:
        patterns = tuple(part.strip().lower() for part in self.text(name, default).split(",") if part.strip())
        for pattern in patterns:
            if not re.fullmatch(r"(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", pattern):
                raise ConfigurationError(
                    f"PIRAB_{name} has {pattern!r}: host names or *.domain, separated by commas, are needed"
                )
        return patterns

    def networks(self, name: str, default: str) -> tuple[str, ...]:
        parts = tuple(part.strip() for part in self.text(name, default).split(",") if part.strip())
        for part in parts:
            try:
                ipaddress.ip_network(part)
            except ValueError:
                raise ConfigurationError(
                    f"PIRAB_{name} has {part!r}: networks such as 10.20.0.0/16, separated by commas, are needed"
                ) from None
        return parts

    def url(self, name: str, default: str) -> str:
        raw = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(raw)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            good = False
        if not good or parts.path or parts.query or parts.fragment or parts.username:
            raise ConfigurationError(
                f"PIRAB_{name} is {raw!r}: http(s)://host[:port] without a path is needed"
            )
        return raw

    def ip_address(self, name: str, default: str) -> str:
        raw = self.text(name, default)
        octets = raw.split(".")
        if len(octets) != 4 or not all(
            part.isascii() and part.isdigit() and int(part) < 256 for part in octets
        ):
            raise ConfigurationError(f"PIRAB_{name} is {raw!r}: an IPv4 address such as 127.0.0.1 is needed")
        return raw

    def existing_file(self, name: str) -> Path | None:
        raw = self.text(name, "")
        if not raw:
            return None
        path = Path(raw)
        if not path.is_absolute() or not path.is_file():
            raise ConfigurationError(
                f"PIRAB_{name} is {raw!r}: the absolute path of an existing file is needed"
            )
        return path
