"""The web server: `python -m academy.server` answers requests in one process with threads."""

from __future__ import annotations

import signal
import sys

from flask import Flask
from waitress.server import create_server

from academy import create_app
from academy.config import BadSettings, Settings
from academy.supervisor import leave

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
    server.run()


def main() -> None:
    """Serve the academy as the environment describes it."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    try:
        app = create_app()
    except (BadSettings, OSError) as error:
        sys.exit(f"The web server could not start: {error}")
    settings: Settings = app.config["SETTINGS"]
    try:
        serve(app, settings.host, settings.port)
    except OSError as error:
        where = f"{settings.host}, port {settings.port}"
        sys.exit(f"The web server cannot listen at {where}: {error.strerror}")


if __name__ == "__main__":
    main()
