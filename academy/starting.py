"""What `make run` starts: checks first, then the preparation, then web server and worker."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from academy.config import BadSettings, Settings
from academy.supervisor import Bell, Command, Interrupted, Trouble, leave, run_to_end, supervise

COMMANDS = (
    Command("web server", (sys.executable, "-m", "academy.server")),
    Command("worker", (sys.executable, "-m", "academy.worker")),
)
NEAR = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""Where a server listens that listens everywhere -> where it can be asked from here."""

MISFORTUNE = 3
"""Exit code of a preparation that has left a sentence of why it failed."""


def main(arguments: Sequence[str]) -> int:
    """Run the academy until asked to stop; tell the exit code.

    `prepare FD` is the part that runs in a process of its own: see `prepare_here`.
    """
    if arguments:
        return prepare_here(int(arguments[1]))
    bell = Bell()
    try:
        _run(bell)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except Interrupted:
        sys.stderr.write("Interrupted while preparing: the next start takes it up again.\n")
        return 130
    say("Stopped.")
    return 0


def say(line: str) -> None:
    """Tell the person at the terminal, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def check_port(host: str, port: int) -> None:
    """Raise Trouble unless a server could listen there now."""
    if not 1 <= port <= 65535:
        raise Trouble(f"ACADEMY_PORT is {port}: it must be between 1 and 65535.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except OSError as error:
        raise Trouble(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return f"Port {port} is taken: choose another one, as in ACADEMY_PORT={other} make run."
    if error.errno == errno.EACCES:
        return f"Port {port} is for the system's own: choose one from 1024 on with ACADEMY_PORT."
    return f"The academy cannot listen at {host}, port {port} ({error.strerror}): see ACADEMY_HOST."


def check_home(home: Path) -> None:
    """Raise Trouble unless the academy can keep its data in this folder."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise Trouble(_cannot_write(error)) from error


def prepare_here(report: int) -> int:
    """Prepare in this process; leave the closing lines, or why it failed, in the open file."""
    signal.signal(signal.SIGTERM, leave)
    with os.fdopen(report, "w", encoding="utf-8") as lines:
        try:
            # Only here: what only supervises stays small and starts at once.
            from academy import create_app  # noqa: PLC0415
            from academy.preparing import prepare  # noqa: PLC0415

            lines.writelines(f"{line}\n" for line in prepare(create_app(), say))
        except (BadSettings, OSError) as error:
            lines.write(f"{error}\n")
            return MISFORTUNE
    return 0


def _run(bell: Bell) -> None:
    settings = _settings()
    check_home(settings.home)
    check_port(settings.host, settings.port)
    lines = _prepare_apart(bell)

    def announce() -> None:
        for line in (f"\nUrban Academy is at {settings.base_url}", *lines, "Ctrl-C stops it."):
            say(line)

    supervise(bell, COMMANDS, ready=lambda: _answers(settings), announce=announce)


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except BadSettings as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise Trouble(_cannot_write(error)) from error


def _cannot_write(error: OSError) -> str:
    return (
        f"The academy cannot keep its data in {error.filename} ({error.strerror}):"
        " choose another folder, as in ACADEMY_HOME=/some/folder make run."
    )


def _prepare_apart(bell: Bell) -> list[str]:
    """Prepare in a process of its own, so that this one stays small; give the closing lines."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as report:
        number = report.fileno()
        argv = (sys.executable, "-m", "academy", "prepare", str(number))
        code = run_to_end(bell, Command("preparation", argv), pass_fds=(number,))
        report.seek(0)
        lines = report.read().splitlines()
    if code == MISFORTUNE:
        raise Trouble(f"The academy could not be prepared: {' '.join(lines)}")
    if code:
        raise Trouble(f"The academy could not be prepared (exit code {code}): nothing was started.")
    return lines


def _answers(settings: Settings) -> bool:
    """Whether the first page comes; asking for it also makes it fast for the first visitor."""
    host = NEAR.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": settings.base_url.partition("://")[2]})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
