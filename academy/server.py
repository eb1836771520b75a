"""The web server: `python -m academy.server` answers requests in one process with threads."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence

import click
from flask import Flask
from waitress.server import create_server

from academy import create_app
from academy.config import BadSettings, Settings
from academy.logs import write_logs
from academy.operating.running import running
from academy.operating.upgrading import check_schema
from academy.preparing import prepare
from academy.supervisor import EXPLAINED, leave

THREADS = 8
CONNECTIONS = 1000
"""Many idle or slow connections may be open; only `THREADS` requests are worked on at a time."""

IDLE_SECONDS = 60
LARGEST_BODY = 101 * 1024 * 1024
"""Bytes: a file given by hand may have 100 MB. The application sets closer limits by page."""

LARGEST_HEADERS = 64 * 1024


def serve(app: Flask, host: str, port: int) -> None:
    """Answer requests until SIGTERM or SIGINT; a request that has begun is finished first.

    Raises OSError when the address cannot be taken.
    """
    settings: Settings = app.config["SETTINGS"]
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            channel_timeout=IDLE_SECONDS,
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=LARGEST_HEADERS,
            # Behind a proxy, the application reads its headers; otherwise nobody may forge them.
            clear_untrusted_proxy_headers=settings.proxy_hops == 0,
            ident=None,
        )
    except OSError as error:
        raise OSError(error.errno, error.strerror, f"{host}, port {port}") from error
    # What is loaded by now is needed to the end. Looking through all of it for garbage would hold
    # up a request now and then by a tenth of a second.
    gc.collect()
    gc.freeze()
    server.run()


def main(arguments: Sequence[str]) -> int:
    """Serve the academy as the environment describes it; tell the exit code.

    With the number of an open file, prepare first, and leave there the lines to show once
    everything is up.
    """
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    try:
        app = create_app()
        settings: Settings = app.config["SETTINGS"]
        write_logs(settings)
        with running(settings.home):
            check_schema(app, empty_is_well=bool(arguments))
            if arguments:
                with os.fdopen(int(arguments[0]), "w", encoding="utf-8") as closing_lines:
                    closing_lines.writelines(f"{line}\n" for line in prepare(app, click.echo))
            serve(app, settings.host, settings.port)
    except (BadSettings, OSError) as error:
        click.echo(f"The academy could not start: {_reason(error)}", err=True)
        return EXPLAINED
    return 0


def _reason(error: BadSettings | OSError) -> str:
    if isinstance(error, BadSettings):
        return str(error)
    return ": ".join(str(part) for part in (error.strerror, error.filename) if part)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
