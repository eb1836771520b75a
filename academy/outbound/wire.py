"""What is sent and received on a connection: watched byte by byte, with an end to everything."""

from __future__ import annotations

import io
import socket

from academy.outbound.connecting import Deadline
from academy.outbound.refusals import BadAnswer, NoAnswer, Why
from academy.outbound.unpacking import AT_ONCE


class Wire(io.RawIOBase):
    """Looks like a socket to http.client: reads no more bytes, and no longer, than allowed."""

    def __init__(self, connection: socket.socket, deadline: Deadline, *, most: int) -> None:
        super().__init__()
        self._connection = connection
        self._deadline = deadline
        self.most = most
        """How many bytes may still come."""

        self.received = 0

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Give the answers as a file."""
        return io.BufferedReader(self, AT_ONCE)

    def readable(self) -> bool:
        """Answer yes, as a file must."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Wait for bytes until the deadline of the whole request, however slowly they drip."""
        if self.most <= 0:
            raise BadAnswer(Why.LARGE)
        try:
            self._connection.settimeout(self._deadline.left())
            count = self._connection.recv_into(buffer[: self.most])
        except TimeoutError:
            raise NoAnswer(Why.SLOW) from None
        except OSError:
            raise NoAnswer(Why.BROKEN) from None
        self.most -= count
        self.received += count
        return count

    def sendall(self, content: bytes) -> None:
        """Send everything before the deadline, even to a host that hardly listens."""
        for begin in range(0, len(content), AT_ONCE):
            try:
                self._connection.settimeout(self._deadline.left())
                self._connection.sendall(content[begin : begin + AT_ONCE])
            except TimeoutError:
                raise NoAnswer(Why.SLOW) from None
            except OSError:
                raise NoAnswer(Why.BROKEN) from None
