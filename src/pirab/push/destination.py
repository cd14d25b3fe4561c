"""Where push messages may go: promise 6 (no request to third parties) and no way into our own networks."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from pirab.push.errors import HostNotAllowed, NotHttps

LONGEST_URL: Final = 2048
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_url(url: str) -> SplitResult:
    """The parts of an address that may be written to; raises `NotHttps` or `HostNotAllowed`."""
    if (
        len(url) > LONGEST_URL
        or not url.isascii()
        or any(ord(char) <= 32 or ord(char) == 127 for char in url)
    ):
        raise NotHttps()
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise NotHttps() from error
    if parts.scheme != "https" or not host or port == 0 or parts.fragment or "@" in parts.netloc:
        raise NotHttps()
    if not any(_matches(host, pattern) for pattern in settings.ENVIRONMENT.push_hosts):
        raise HostNotAllowed(host[:100])
    return parts


def _matches(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def resolve(host: str, port: int) -> str:
    """The one address to connect to: resolved here and now, so that no later answer of the DNS can lead elsewhere.

    Raises `HostNotAllowed` when any address of the host lies where nobody outside could reach, unless the operators
    opened that network (PIRAB_PUSH_NETWORKS), and `OSError` when the name cannot be resolved.
    """
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    usable = [text for text in found if _is_open(ipaddress.ip_address(text.partition("%")[0]))]
    if not usable or (len(usable) != len(found) and not _is_loopback_name(found)):
        raise HostNotAllowed(host[:100])
    return usable[0]


def _is_loopback_name(found: list[str]) -> bool:
    """`localhost` is both 127.0.0.1 and ::1; of the two only the one that was opened is used."""
    return all(ipaddress.ip_address(text.partition("%")[0]).is_loopback for text in found)


def _leads_to(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for on the way, or the address itself: mapped (rfc4291#2.5.5.2),
    compatible (rfc4291#2.5.5.1), 6to4 (rfc3056#2), Teredo (rfc4380#4), translated (rfc6052#2.1)."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in _TRANSLATED) and int(address) & 0xFFFFFFFF > 1:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


_TRANSLATED: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


def _is_open(address: Address) -> bool:
    real = _leads_to(address)
    networks = (ipaddress.ip_network(text) for text in settings.ENVIRONMENT.push_networks)
    return (real.is_global and not real.is_multicast) or any(real in network for network in networks)
