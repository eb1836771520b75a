"""An address as it is typed or redirected to, read strictly: what is oddly written is refused."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import icu

from academy.addresses import bracketed
from academy.outbound.refusals import NotAllowed, Why

LONGEST = 8_000
"""Characters of an address: resumption tokens of repositories are long."""

LONGEST_HOST = 253
PORTS = {"http": 80, "https": 443}

_ADDRESS = re.compile(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}:(?!//?$)")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\]")
_AUTHORITY = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[^\[\]:@]+)(?::([1-9][0-9]{0,4}))?")
_NAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){0,126}[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT = "!#$%&'()*+,-./:;=?@[]_~"
"""Signs that stay as they are in a path or query: all that may stand there, and % itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes: the host is a plain name or a plain internet address."""

    scheme: str
    host: str
    port: int
    path: str
    intranet: bool
    """Whether the operator has named this host and port."""

    @property
    def authority(self) -> str:
        """Host and port as they stand in an address and in the Host header."""
        return _authority(self.scheme, self.host, self.port)

    @property
    def address(self) -> str:
        """The whole address, in one spelling."""
        return f"{self.scheme}://{self.authority}{self.path}"

    def keeps_secrets_of(self, other: Target) -> bool:
        """Whether what the other may know may be told here: the same host, no less safe."""
        if self.host != other.host:
            return False
        same = (self.scheme, self.port) == (other.scheme, other.port)
        risen = self.scheme == "https" and (other.scheme, other.port) == ("http", 80)
        return same or (risen and self.port == 443)


def target_of(address: str, intranet: Collection[str]) -> Target:
    """Read an address. `intranet` are hosts, with their port unless it is the usual one.

    Raises NotAllowed for what is no web address or oddly written, and for unusual ports of hosts
    that are not named.
    """
    _check_fit(address)
    found = _ADDRESS.match(address)
    if found is None:
        other = _SCHEME.match(address) and not address.lower().startswith(("http:", "https:"))
        raise NotAllowed(Why.SCHEME if other else Why.NOT_AN_ADDRESS)
    scheme, authority, path = found[1].lower(), found[2], found[3]
    if "@" in authority:
        raise NotAllowed(Why.USER)
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise NotAllowed(Why.HOST)
    host = _host(parts[1])
    port = int(parts[2] or PORTS[scheme])
    named = _authority(scheme, host, port) in intranet
    _check_usual(host, port, named=named)
    return Target(scheme, host, port, _path(path), named)


def redirected(target: Target, location: str, intranet: Collection[str]) -> Target:
    """Read where an answer leads to, from where it came.

    Raises NotAllowed as `target_of` does, and where a public host leads into the intranet.
    """
    _check_fit(location)
    try:
        # Headers are read as Latin-1; what servers mean is bytes, most often UTF-8.
        written = quote(location.strip().encode("latin-1"), safe=_KEPT)
        joined = urljoin(target.address, written)
    except ValueError:
        raise NotAllowed(Why.NOT_AN_ADDRESS, target.host) from None
    found = target_of(joined, intranet)
    if found.intranet and not target.intranet:
        raise NotAllowed(Why.PRIVATE, found.host)
    return found


def _authority(scheme: str, host: str, port: int) -> str:
    usual = port == PORTS[scheme]
    return bracketed(host) if usual else f"{bracketed(host)}:{port}"


def _check_fit(text: str) -> None:
    if len(text) > LONGEST or _UNFIT.search(text):
        raise NotAllowed(Why.NOT_AN_ADDRESS)


def _check_usual(host: str, port: int, *, named: bool) -> None:
    if named:
        return
    if port not in PORTS.values():
        raise NotAllowed(Why.PORT, host)
    if "." not in host and ":" not in host:
        raise NotAllowed(Why.HOST, host)


def _host(written: str) -> str:
    """Read a host in its one spelling; what other programs would take for a number is refused."""
    try:
        if written.startswith("["):
            return str(IPv6Address(written[1:-1]))
        name = written.lower() if written.isascii() else _ascii_name(written)
        if _NUMBER.fullmatch(name.rpartition(".")[2]):
            return str(IPv4Address(written))
    except AddressValueError:
        raise NotAllowed(Why.HOST) from None
    if len(name) > LONGEST_HOST or not _NAME.fullmatch(name):
        raise NotAllowed(Why.HOST)
    return name


def _ascii_name(written: str) -> str:
    """Write a name of any script as it is looked up, as browsers do (UTS 46)."""
    if len(written) > LONGEST_HOST:
        raise NotAllowed(Why.HOST)
    flags = icu.IDNA.CHECK_NONTRANSITIONAL_TO_ASCII | icu.IDNA.CHECK_BIDI
    told = icu.IDNAInfo()
    name: str = icu.IDNA(flags | icu.IDNA.CHECK_CONTEXTJ).nameToASCII(written, told)
    if told.errors():
        raise NotAllowed(Why.HOST)
    return name


def _path(written: str) -> str:
    """Write path and query in ASCII, ready to be sent."""
    path = written if written.startswith("/") else f"/{written}"
    try:
        return quote(path, safe=_KEPT)
    except UnicodeEncodeError:
        raise NotAllowed(Why.NOT_AN_ADDRESS) from None
