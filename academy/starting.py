"""What `make run` and `make serve` start: checks, the web server, then the worker beside it."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from academy.config import BadSettings, Settings
from academy.environment import environment
from academy.supervisor import EXPLAINED, Bell, Command, Ended, supervise

WORKER = Command("worker", (sys.executable, "-m", "academy.worker"))
NEAR = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""Where a server listens that listens everywhere -> where it can be asked from here."""


class Trouble(Exception):
    """Why the academy cannot be started, in one sentence."""

    code = 1


class Unfit(Trouble):
    """The settings do not describe an academy that could be open to everybody."""

    code = EXPLAINED


def main(arguments: Sequence[str]) -> int:
    """Run the academy until asked to stop; tell the exit code. With "serve", for everybody."""
    bell = Bell()
    serving = list(arguments) == ["serve"]
    try:
        if _run(bell, _public_settings() if serving else _settings()):
            say("Stopped.")
            return 0
    except Trouble as trouble:
        complain(str(trouble))
        return trouble.code
    except Ended as ended:
        explained = ended.code == EXPLAINED
        if not explained:
            complain(str(ended))
        # Who watches over us does not start again what would say the same again.
        return EXPLAINED if serving and explained else 1
    complain("Interrupted while preparing: the next start takes it up again.")
    return 130


def say(line: str) -> None:
    """Tell the person at the terminal, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def complain(sentence: str) -> None:
    """Tell the person at the terminal what is wrong."""
    sys.stderr.write(f"{sentence}\n")


def check_port(host: str, port: int) -> None:
    """Raise Trouble unless a server could listen there now."""
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
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise Trouble(_cannot_write(error)) from error


def _run(bell: Bell, settings: Settings) -> bool:
    """Run web server and worker; tell whether they ever ran both."""
    check_home(settings.home)
    check_port(settings.host, settings.port)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as closing_lines:

        def announce() -> None:
            closing_lines.seek(0)
            say(f"\nUrban Academy is at {settings.base_url}")
            say(f"{closing_lines.read()}Ctrl-C stops it.")

        # The web server prepares before it serves: another process would import everything
        # once more, and that takes longer than the preparation.
        file = closing_lines.fileno()
        argv = (sys.executable, "-m", "academy.server", str(file))
        server = Command("web server", argv, pass_fds=(file,))
        return supervise(
            bell, server, [WORKER], ready=lambda: _answers(settings), announce=announce
        )


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except BadSettings as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise Trouble(_cannot_write(error)) from error


def _public_settings() -> Settings:
    """Read settings that are fit for everybody; never those of development.

    Raises Unfit with one sentence when one is missing or unsafe.
    """
    try:
        mode = environment(os.environ).values.get("ACADEMY_ENV")
        if mode == "development":
            raise Unfit("ACADEMY_ENV is 'development': that is for make run, not for make serve.")
        os.environ["ACADEMY_ENV"] = mode or "production"
        settings = Settings.from_environment()
    except BadSettings as error:
        raise Unfit(str(error)) from error
    if not settings.proxy_hops:
        raise Unfit("PROXY_HOPS is not set: how many proxies of ours are in front, 1 for nginx.")
    return settings


def _cannot_write(error: OSError) -> str:
    return (
        f"The academy cannot keep its data in {error.filename} ({error.strerror}):"
        " choose another folder, as in ACADEMY_HOME=/some/folder make run."
    )


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
