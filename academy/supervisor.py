"""Several processes that live and end together."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

GRACE = 10.0
"""Seconds that a process has to finish what it is doing."""

EXPLAINED = os.EX_CONFIG
"""Exit code of a process that has said itself, in one sentence, why it could not start."""

ASKED_TO_STOP = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
PR_SET_PDEATHSIG = 1


class Ended(Exception):
    """A process ended that nobody had asked to. One sentence, and the exit code."""

    def __init__(self, name: str, code: int) -> None:
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        super().__init__(f"The {name} ended ({how}), so the academy was stopped.")
        self.code = code


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, and what to call it when it ends unasked."""

    name: str
    argv: tuple[str, ...]
    pass_fds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """A command that runs."""

    name: str
    process: subprocess.Popen[bytes]


class Bell:
    """Rings at signals, so that waiting for them needs no polling and misses none."""

    def __init__(self) -> None:
        self._ear, self._clapper = socket.socketpair()
        self._ear.setblocking(False)
        self._clapper.setblocking(False)
        signal.set_wakeup_fd(self._clapper.fileno(), warn_on_full_buffer=False)
        for number in (*ASKED_TO_STOP, signal.SIGCHLD):
            signal.signal(number, _heard)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for a signal, at most `seconds`; tell whether it asks to stop."""
        ready, _, _ = select.select([self._ear], [], [], seconds)
        return bool(ready) and not ASKED_TO_STOP.isdisjoint(self._ear.recv(256))


def supervise(
    bell: Bell,
    first: Command,
    others: Sequence[Command],
    *,
    ready: Callable[[], bool],
    announce: Callable[[], None],
) -> bool:
    """Run the first command, and the others beside it once it is `ready`, until asked to stop.

    Calls `announce` when all run. Returns whether it came to that. Raises Ended when a process
    ends by itself. Afterwards, either way, none of them runs any longer.
    """
    children = [_start(first)]
    try:
        while not ready():
            if bell.wait(0.05):
                return False
            _check_all_run(children)
        for command in others:
            children.append(_start(command))
        announce()
        while not bell.wait():
            _check_all_run(children)
    finally:
        _stop(bell, children)
    return True


def _check_all_run(children: Sequence[Child]) -> None:
    for child in children:
        code = child.process.poll()
        if code is not None:
            raise Ended(child.name, code)


def _start(command: Command) -> Child:
    # A process group of its own: Ctrl-C at the terminal reaches the supervisor alone, which
    # then tells each child once.
    process = subprocess.Popen(
        command.argv,
        stdin=subprocess.DEVNULL,
        pass_fds=command.pass_fds,
        process_group=0,
        preexec_fn=_end_with_parent(),  # noqa: PLW1509 - the supervisor has no threads
    )
    return Child(command.name, process)


def _end_with_parent() -> Callable[[], None] | None:
    """Where the system can: should the supervisor be killed, its children are told to end."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask_for_signal() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask_for_signal


def _stop(bell: Bell, children: Sequence[Child]) -> None:
    """End the children: asked first, killed when the time is up or somebody asks again."""
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + GRACE
    while _running(children) and (left := deadline - time.monotonic()) > 0:
        if bell.wait(left):
            break
    for child in _running(children):
        sys.stderr.write(f"The {child.name} did not stop when asked, so it was ended at once.\n")
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def _running(children: Sequence[Child]) -> list[Child]:
    return [child for child in children if child.process.poll() is None]


def leave(_signal: int, _frame: FrameType | None) -> None:
    """Answer a signal by ending the process the ordinary way, so that what is open is closed."""
    sys.exit(0)


def _heard(_signal: int, _frame: FrameType | None) -> None:
    """Nothing to do here: the signal's number went down the bell's wire."""
