"""Processes that are killed at any moment of their work, as by a power failure."""

from __future__ import annotations

import os
import select
import signal
import traceback
from collections.abc import Callable
from time import perf_counter
from typing import Any

FOR_EVER = 60.0
"""Seconds after which whatever should end by itself is taken for stuck."""


def dies_after(seconds: float, act: Callable[[], Any]) -> bool:
    """Do something in a process that is killed after a time; tell whether it came to that.

    The process is this one as it is now, so that it begins at once: let go of the database before.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    ending = os.pidfd_open(child)
    try:
        if not select.select([ending], [], [], seconds)[0]:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(ending)
        _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    assert killed or os.WEXITSTATUS(status) == 0, "what it did failed"
    return killed


def does(act: Callable[[], Any]) -> float:
    """Do something in a process of its own, to the end; tell how many seconds that took."""
    begun = perf_counter()
    assert not dies_after(FOR_EVER, act), "it did not end"
    return perf_counter() - begun


class Moments:
    """Moments of an act, spread evenly over all of it.

    The first act of a process may take many times as long as those that follow: whatever ends
    before it is killed says anew what is to be divided.
    """

    def __init__(self, number: int, whole: float) -> None:
        self.number, self.whole, self.died = number, whole, 0

    def kill(self, act: Callable[[], Any]) -> bool:
        """Do it and kill it at the next moment; tells whether it had not ended before."""
        begun = perf_counter()
        moment = self.whole * (self.died % self.number + 0.5) / self.number
        killed = dies_after(moment, act)
        if killed:
            self.died += 1
        else:
            self.whole = perf_counter() - begun
        return killed
