"""Hosts that answer as they are told, on ports of this machine, and a net that leads to them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from academy.outbound import Limits, Outbound, Pace
from academy.outbound.connecting import connected

TLS = Path(__file__).parent / "tls"
TRUSTING = ssl.create_default_context(cafile=str(TLS / "authority.pem"))
"""Trusts the authority of these tests, and nobody else."""

PUBLIC = "93.184.216.34"
ELSEWHERE = "93.184.216.35"
AGENT = "UrbanAcademy/1 (+https://academy.example.org; academy@example.org)"

Reply = Callable[["Host", str], Iterable[bytes]]
"""Given a request, as it came, the pieces of the answer."""


@dataclass
class Host:
    """A server of this machine: where it is, and what it was asked."""

    port: int
    reply: Reply
    tls: ssl.SSLContext | None
    asked: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.authority}"

    def header(self, name: str, request: int = -1) -> str | None:
        """Give what one of the requests said in a header."""
        lines = self.asked[request].partition("\r\n\r\n")[0].split("\r\n")[1:]
        told = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}
        return told.get(name)

    def answer(self, plain: socket.socket) -> None:
        """Read a request whole, keep it, and send what there is to say."""
        plain.settimeout(10)
        with suppress(OSError), plain, self._secured(plain) as one:
            self.asked.append(_read(one))
            for piece in self.reply(self, self.asked[-1]):
                one.sendall(piece)

    def _secured(self, plain: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(plain, server_side=True) if self.tls else plain


def _read(connection: socket.socket) -> str:
    content = b""
    # Who begins to encrypt sends a byte that no request begins with, and waits.
    while b"\r\n\r\n" not in content and not content.startswith(b"\x16"):
        content += connection.recv(65_536) or b"\r\n\r\n"
    head, _, body = content.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line[:15] == LENGTH), 0)
    while len(body) < length:
        body += connection.recv(65_536)
    return (head + b"\r\n\r\n" + body).decode("latin-1")


LENGTH = b"Content-Length:"


@contextmanager
def hosting(reply: Reply, *, secure: bool = False) -> Iterator[Host]:
    """Run a host until the block ends."""
    tls = None
    if secure:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(TLS / "server.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = Host(listener.getsockname()[1], reply, tls)
        Thread(target=_accept, args=(listener, host), daemon=True).start()
        yield host
        host.over.set()
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, host: Host) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            Thread(target=host.answer, args=(connection,), daemon=True).start()


def said(content: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Write an answer; `content_type="text/html"` is a header."""
    told = {"content_length": str(len(content)), **headers}
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in told.items()]
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode("latin-1") + content


def saying(content: bytes = b"", status: str = "200 OK", **headers: str) -> Reply:
    """Answer everything with the same."""
    return lambda _host, _request: [said(content, status, **headers)]


def sending(*pieces: bytes) -> Reply:
    """Send exactly this, whatever it is."""
    return lambda _host, _request: pieces


def leading(to: str, status: str = "302 Found") -> Reply:
    """Lead everybody elsewhere."""
    return saying(b"see there", status, location=to)


def of_paths(replies: Mapping[str, Reply]) -> Reply:
    """Answer each path as told."""
    return lambda host, request: replies[request.split(" ")[1]](host, request)


def door(*hosts: Host, seconds: float = 10.0, **changes: Any) -> Outbound:
    """Make a door that may ask these hosts of this machine, quickly."""
    limits = Limits(seconds=seconds)
    named = frozenset(host.authority for host in hosts)
    pace = Pace(1_000.0, 1_000.0)
    usual: dict[str, Any] = {"intranet": named, "limits": limits, "pace": pace, "tls": TRUSTING}
    return Outbound(AGENT, **(usual | changes))


@dataclass
class Net:
    """Stands for the internet: names lead to addresses, addresses to hosts of this machine."""

    names: dict[str, list[Sequence[str]]]
    """Each look-up takes the next answer; the last one stays."""

    hosts: dict[str, Host] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, name: str, _port: int) -> Sequence[str]:
        """Say what a name means now."""
        self.looked_up.append(name)
        answers = self.names.get(name, [[]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        """Connect to the host that stands for an address."""
        self.connected.append((address, port))
        if address not in self.hosts:
            raise ConnectionRefusedError
        return connected("127.0.0.1", self.hosts[address].port, seconds)

    def door(self, **changes: Any) -> Outbound:
        """Make a door to this net."""
        return door(**({"resolve": self.resolve, "connect": self.connect} | changes))
