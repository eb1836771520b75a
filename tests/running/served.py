"""A tiny site at a port, by the academy's web server: `PORT PROXY_HOPS GATE`.

Its one page says which proxy header arrived; `/slow` waits until the pipe GATE is opened.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from flask import Flask, request

from academy.config import Settings
from academy.server import serve
from academy.supervisor import leave


def main(port: str, proxy_hops: str, gate: str) -> None:
    """Serve until told to stop."""
    signal.signal(signal.SIGTERM, leave)
    app = Flask("tiny")
    app.config["SETTINGS"] = Settings(
        secret_key="", home=Path(gate).parent, proxy_hops=int(proxy_hops)
    )

    @app.get("/")
    def forwarded() -> str:
        return request.headers.get("X-Forwarded-For", "nobody")

    @app.get("/slow")
    def slow() -> str:
        os.write(sys.stdout.fileno(), b"begun\n")
        return Path(gate).read_text(encoding="ascii")

    serve(app, "127.0.0.1", int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
