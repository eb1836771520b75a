"""Processes that live and end together."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.running.processes import LIMIT, Start, Watch

SUPERVISED = ("-m", "tests.running.supervised")
WAITS = "import os, signal; print('pid', os.getpid(), flush=True); signal.pause()"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"
"""Does not hear what asks it to stop."""

TELLS = (
    "import os, signal, sys\n"
    "def told(*_):\n"
    "    print('told', flush=True)\n"
    "    sys.exit()\n"
    "signal.signal(signal.SIGTERM, told)\n"
    "print('pid', os.getpid(), flush=True)\n"
    "signal.pause()"
)
"""Says when it is asked to stop."""

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


def test_a_child_that_ends_before_all_are_ready_stops_the_other(start: Start) -> None:
    supervisor = start(*SUPERVISED, "waiting", "steady one", WAITS, "weak one", FAILS)
    assert supervisor.exit_code() == 1
    expected = "The weak one ended (exit code 3), so the academy was stopped.\n"
    assert supervisor.errors() == expected


def test_children_that_never_get_ready_are_stopped(start: Start) -> None:
    supervisor = start(*SUPERVISED, "never", "one", WAITS)
    assert supervisor.exit_code() == 1
    expected = "The academy did not answer within 0.1 seconds, so it was stopped.\n"
    assert supervisor.errors() == expected


def test_ctrl_c_before_all_are_ready_stops_the_children(start: Start, watch: Watch) -> None:
    supervisor = start(*SUPERVISED, "waiting", "one", WAITS)
    child = watch(int(supervisor.wait_for("pid ")))
    supervisor.interrupt()
    assert supervisor.exit_code() == 0
    assert child.has_ended() is True


def test_ctrl_c_twice_kills_a_child_that_does_not_hear(start: Start, watch: Watch) -> None:
    supervisor = start(*SUPERVISED, "ready", "deaf one", DEAF, "one", TELLS)
    children = [watch(int(supervisor.wait_for("pid "))) for _ in range(2)]
    supervisor.interrupt()
    supervisor.wait_for("told")
    supervisor.interrupt()
    assert supervisor.exit_code() == 0
    assert [child.has_ended() for child in children] == [True, True]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of it")
def test_children_end_when_the_supervisor_is_killed(start: Start, watch: Watch) -> None:
    supervisor = start(*SUPERVISED, "ready", "one", WAITS, "two", WAITS)
    children = [watch(int(supervisor.wait_for("pid "))) for _ in range(2)]
    supervisor.process.kill()
    assert [child.has_ended(within=LIMIT) for child in children] == [True, True]


def test_a_command_run_to_its_end_gives_its_exit_code(start: Start) -> None:
    assert start(*SUPERVISED, "alone", "one", FAILS).exit_code() == 3


def test_ctrl_c_ends_a_command_that_was_to_run_to_its_end(start: Start, watch: Watch) -> None:
    supervisor = start(*SUPERVISED, "alone", "one", WAITS)
    child = watch(int(supervisor.wait_for("pid ")))
    supervisor.interrupt()
    assert supervisor.exit_code() == 130
    assert child.has_ended() is True
