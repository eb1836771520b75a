"""Processes that live and end together."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.running.processes import LIMIT, Start, Watch

SUPERVISED = ("-m", "tests.running.supervised")
WAITS = "import os, signal; os.write(1, b'pid %d\\n' % os.getpid()); signal.pause()"
"""Written at once, so that two of them never mix their lines."""

DEAF = (
    "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "os.write(1, b'deaf %d\\n' % os.getpid()); signal.pause()"
)
"""Does not hear what asks it to stop."""

FAILS = "import sys; sys.exit(3)"
DIES = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


def test_ctrl_c_stops_both_children(start: Start, watch: Watch) -> None:
    supervisor = start(*SUPERVISED, "ready", "one", WAITS, "two", WAITS)
    children = [watch(int(supervisor.wait_for("pid "))) for _ in range(2)]
    supervisor.interrupt()
    assert supervisor.exit_code() == 0
    assert [child.has_ended() for child in children] == [True, True]
    assert supervisor.errors() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_supervisor_alone_stops_the_children(
    start: Start, watch: Watch, number: signal.Signals
) -> None:
    supervisor = start(*SUPERVISED, "ready", "one", WAITS, "two", WAITS)
    children = [watch(int(supervisor.wait_for("pid "))) for _ in range(2)]
    supervisor.process.send_signal(number)
    assert supervisor.exit_code() == 0
    assert [child.has_ended() for child in children] == [True, True]


@pytest.mark.parametrize(
    ("last_words", "how"), [(FAILS, "exit code 3"), (DIES, "SIGKILL"), ("", "exit code 0")]
)
def test_a_child_that_ends_stops_the_other(
    start: Start, watch: Watch, tmp_path: Path, last_words: str, how: str
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    waits_for_us = f"open({str(gate)!r}).read(); {last_words}"
    supervisor = start(*SUPERVISED, "ready", "steady one", WAITS, "weak one", waits_for_us)
    steady = watch(int(supervisor.wait_for("pid ")))
    gate.write_text("", encoding="ascii")
    assert supervisor.exit_code() == 1
    assert steady.has_ended() is True
    assert supervisor.errors() == f"The weak one ended ({how}), so the academy was stopped.\n"


def test_a_first_child_that_ends_before_it_is_ready_ends_all(start: Start) -> None:
    supervisor = start(*SUPERVISED, "waiting", "weak one", FAILS, "other one", WAITS)
    assert supervisor.exit_code() == 1
    expected = "The weak one ended (exit code 3), so the academy was stopped.\n"
    assert supervisor.errors() == expected


def test_ctrl_c_before_the_first_is_ready_stops_it(start: Start, watch: Watch) -> None:
    supervisor = start(*SUPERVISED, "waiting", "one", WAITS)
    child = watch(int(supervisor.wait_for("pid ")))
    supervisor.interrupt()
    assert supervisor.exit_code() == 130
    assert child.has_ended() is True


def test_ctrl_c_twice_kills_a_child_that_does_not_hear(start: Start, watch: Watch) -> None:
    supervisor = start(*SUPERVISED, "ready", "deaf one", DEAF, "one", WAITS)
    deaf, other = (watch(int(supervisor.wait_for(word))) for word in ("deaf ", "pid "))
    supervisor.interrupt()
    assert other.has_ended(within=LIMIT) is True
    assert deaf.has_ended() is False
    supervisor.interrupt()
    assert supervisor.exit_code() == 0
    assert deaf.has_ended() is True
    expected = "The deaf one did not stop when asked, so it was ended at once.\n"
    assert supervisor.errors() == expected


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of it")
def test_children_end_when_the_supervisor_is_killed(start: Start, watch: Watch) -> None:
    supervisor = start(*SUPERVISED, "ready", "one", WAITS, "two", WAITS)
    children = [watch(int(supervisor.wait_for("pid "))) for _ in range(2)]
    supervisor.process.kill()
    assert [child.has_ended(within=LIMIT) for child in children] == [True, True]
