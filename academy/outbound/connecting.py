"""A connection to exactly the address that was checked, within the time that is left."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread

from academy.outbound.ranges import may_be_asked
from academy.outbound.refusals import NoAnswer, NotAllowed, NotFetched, Why
from academy.outbound.targets import Target

LONGEST_CONNECTING = 10.0
MOST_ADDRESSES = 4
"""How many addresses of a host are tried."""

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which all of a request is over, by a steady clock."""

    at: float
    clock: Callable[[], float]

    def left(self) -> float:
        """Give the seconds that are left. Raises NoAnswer when there are none."""
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise NoAnswer(Why.SLOW)
        return seconds


@dataclass(frozen=True, slots=True)
class Network:
    """How names are looked up and connections made."""

    resolve: Resolve
    connect: Connect
    tls: ssl.SSLContext


def looked_up(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def connected(address: str, port: int, seconds: float) -> socket.socket:
    """Connect to an address written in numbers: no name is looked up here."""
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((address, port))
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def connection_to(target: Target, network: Network, deadline: Deadline) -> Iterator[socket.socket]:
    """Open a connection for the time of a block.

    The name is looked up once, every address it has must be allowed, and one of exactly these
    is connected to: a name that means something else a moment later gains nothing.
    Raises NotAllowed and NoAnswer.
    """
    addresses = _checked(target, network.resolve, deadline)
    with closing(_first_that_answers(addresses, target.port, network, deadline)) as plain:
        if target.scheme == "http":
            yield plain
        else:
            with closing(_secured(plain, target.host, network.tls, deadline)) as secure:
                yield secure


def _checked(target: Target, resolve: Resolve, deadline: Deadline) -> Sequence[str]:
    """Give the addresses of a host. Raises NotAllowed if a single one may not be asked."""
    found = [target.host] if _is_number(target.host) else _resolved(target, resolve, deadline)
    if not found:
        raise NoAnswer(Why.UNKNOWN)
    if not all(may_be_asked(address, intranet=target.intranet) for address in found):
        raise NotAllowed(Why.PRIVATE)
    return [str(ip_address(address)) for address in found[:MOST_ADDRESSES]]


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _resolved(target: Target, resolve: Resolve, deadline: Deadline) -> Sequence[str]:
    """Look a name up in a thread of its own, for the system's own look-up knows no deadline."""
    told: SimpleQueue[Sequence[str] | None] = SimpleQueue()

    def look() -> None:
        try:
            told.put(resolve(target.host, target.port))
        except (OSError, ValueError):
            told.put(None)

    Thread(target=look, daemon=True).start()
    try:
        found = told.get(timeout=deadline.left())
    except Empty:
        raise NoAnswer(Why.SLOW) from None
    return found or ()


def _first_that_answers(
    addresses: Sequence[str], port: int, network: Network, deadline: Deadline
) -> socket.socket:
    why = Why.UNREACHABLE
    for address in addresses:
        try:
            return network.connect(address, port, min(LONGEST_CONNECTING, deadline.left()))
        except NotFetched:
            raise
        except TimeoutError:
            why = Why.SLOW
        except OSError:
            continue
    raise NoAnswer(why)


def _secured(
    plain: socket.socket, host: str, tls: ssl.SSLContext, deadline: Deadline
) -> ssl.SSLSocket:
    """Encrypt a connection; the certificate must be valid for the name that was asked for."""
    try:
        plain.settimeout(deadline.left())
        return tls.wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError:
        raise NoAnswer(Why.CERTIFICATE) from None
    except TimeoutError:
        raise NoAnswer(Why.SLOW) from None
    except (OSError, ValueError):
        raise NoAnswer(Why.INSECURE) from None
