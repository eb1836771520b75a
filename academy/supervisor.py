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

PATIENCE = 60.0
"""Seconds that the web server may take until it answers."""

ASKED_TO_STOP = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
PR_SET_PDEATHSIG = 1


class Trouble(Exception):
    """Why the academy cannot run, or no longer runs, in one sentence."""


class Interrupted(Exception):
    """Somebody asked to stop before the work was done."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, and what to call it when it ends unasked."""

    name: str
    argv: tuple[str, ...]


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


def run_to_end(bell: Bell, command: Command, *, pass_fds: Sequence[int] = ()) -> int:
    """Run a command and tell its exit code.

    Raises Interrupted when asked to stop; the process has ended then too.
    """
    child = _start(command, pass_fds)
    try:
        while child.process.poll() is None:
            if bell.wait():
                raise Interrupted
    finally:
        _stop(bell, [child])
    return child.process.returncode


def supervise(
    bell: Bell,
    commands: Sequence[Command],
    *,
    ready: Callable[[], bool],
    announce: Callable[[], None],
) -> None:
    """Run the commands side by side until asked to stop; `announce` once they are `ready`.

    Raises Trouble when one of them ends by itself or is never ready. When this returns or
    raises, none of them runs any longer.
    """
    children: list[Child] = []
    try:
        for command in commands:
            children.append(_start(command))
        if _become_ready(bell, children, ready):
            announce()
            while not bell.wait():
                _check_all_run(children)
    finally:
        _stop(bell, children)


def _become_ready(bell: Bell, children: Sequence[Child], ready: Callable[[], bool]) -> bool:
    """Wait until ready; False when asked to stop before."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if bell.wait(0.05):
            return False
        _check_all_run(children)
        if time.monotonic() > deadline:
            raise Trouble(
                f"The academy did not answer within {PATIENCE:g} seconds, so it was stopped."
            )
    return True


def _check_all_run(children: Sequence[Child]) -> None:
    for child in children:
        code = child.process.poll()
        if code is not None:
            how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
            raise Trouble(f"The {child.name} ended ({how}), so the academy was stopped.")


def _start(command: Command, pass_fds: Sequence[int] = ()) -> Child:
    # A process group of its own: Ctrl-C at the terminal reaches the supervisor alone, which
    # then tells each child once.
    process = subprocess.Popen(
        command.argv,
        stdin=subprocess.DEVNULL,
        pass_fds=pass_fds,
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
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def _running(children: Sequence[Child]) -> list[Child]:
    return [child for child in children if child.process.poll() is None]


def leave(_signal: int, _frame: FrameType | None) -> None:
    """Answer a signal by ending the process the ordinary way, so that what is open is closed."""
    sys.exit(0)


def _heard(_signal: int, _frame: FrameType | None) -> None:
    """Nothing to do here: the signal's number went down the bell's wire."""
