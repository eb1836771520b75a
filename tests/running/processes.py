"""Real processes with time limits: started, listened to, and never left behind."""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LIMIT = 120.0
"""Seconds after which a test gives up; nothing here should take a tenth of it."""


class Running:
    """A process that runs in a process group of its own, as from a terminal."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            argv,
            env=env,
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._passed_over: list[str] = []
        self._errors: list[str] = []
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._readers = [
            threading.Thread(target=self._read_lines, args=(self.process.stdout,)),
            threading.Thread(target=self._read_errors, args=(self.process.stderr,)),
        ]
        for reader in self._readers:
            reader.start()

    def _read_lines(self, pipe: IO[str]) -> None:
        for line in pipe:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _read_errors(self, pipe: IO[str]) -> None:
        self._errors.extend(pipe)

    def wait_for(self, beginning: str) -> str:
        """Wait for a line of output with this beginning, and return what follows it.

        Each line is given once; lines that were passed over can be asked for later.
        """
        line = next((line for line in self._passed_over if line.startswith(beginning)), None)
        if line is not None:
            self._passed_over.remove(line)
            return line.removeprefix(beginning)
        while (line := self._lines.get(timeout=LIMIT)) is not None:
            if line.startswith(beginning):
                return line.removeprefix(beginning)
            self._passed_over.append(line)
        raise AssertionError(f"ended before {beginning!r}: {self.errors()}")

    def interrupt(self) -> None:
        """Do what Ctrl-C does."""
        os.killpg(self.process.pid, signal.SIGINT)

    def exit_code(self) -> int:
        """Wait for the end."""
        return self.process.wait(LIMIT)

    def errors(self) -> str:
        """Wait for the end and return what was written to standard error."""
        self.exit_code()
        self._readers[1].join(LIMIT)
        return "".join(self._errors)

    def end(self) -> None:
        """Leave nothing behind: ask first, so that children are ended too."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for reader in self._readers:
            reader.join(LIMIT)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


class Watched:
    """Another's process, watched from before its end to after it."""

    def __init__(self, pid: int) -> None:
        self._descriptor = os.pidfd_open(pid)

    def has_ended(self, within: float = 0) -> bool:
        """Tell whether it ended, waiting for it `within` seconds."""
        return bool(select.select([self._descriptor], [], [], within)[0])

    def close(self) -> None:
        """Stop watching."""
        os.close(self._descriptor)


Start = Callable[..., Running]
Watch = Callable[[int], Watched]
