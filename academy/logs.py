"""Logs: one line an event, without what would tell who somebody is or let somebody in."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_login import user_loaded_from_request

from academy.config import Settings

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
ELSEWHERE = "(no page)"
"""What stands for the address of a request that leads nowhere: anything may be in it."""

MAIL = re.compile(r"[^\s@<>\"'(),:;=/\[\]{}]+@[^\s@<>\"'(),:;=/\[\]{}]+")
RANDOM = re.compile(r"[A-Za-z0-9_-]{20,}")
CREDENTIALS = re.compile(r"(\w://)[^/\s@]*@")
QUERY = re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*")
PATH = re.compile(r"(while serving )\S+")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
NOISY = {"alembic": logging.WARNING, "waitress.queue": logging.ERROR}
"""What says little at great length -> from what level on it is heard."""


def redacted(text: str) -> str:
    """Take out mail addresses, queries of addresses, credentials, and what looks random."""
    text = CREDENTIALS.sub(r"\1[credentials]@", text)
    text = PATH.sub(r"\1[path]", text)
    text = QUERY.sub("?[query]", text)
    text = MAIL.sub("[mail]", text)
    return RANDOM.sub(_or_hidden, text)


def _or_hidden(found: re.Match[str]) -> str:
    """Hide hexadecimal digests and mixtures of letters; leave words and the names of code."""
    word = found[0]
    digits, small, large = (re.search(kind, word) for kind in ("[0-9]", "[a-z]", "[A-Z]"))
    digest = len(word) >= 32 and re.fullmatch("[0-9a-f]+", word)
    mixed = small and large and (digits or len(word) >= 40)
    return "[hidden]" if digest or mixed else word


def path_template() -> str:
    """Give the address of this request as it was declared, without what stood in its places."""
    return request.url_rule.rule if request.url_rule else ELSEWHERE


def request_id() -> str:
    """Name this request: as the proxy of ours does, or anew."""
    if "request_id" not in g:
        settings: Settings = current_app.config["SETTINGS"]
        given = request.headers.get(HEADER, "") if settings.proxy_hops else ""
        sound = re.fullmatch(r"[A-Za-z0-9-]{8,64}", given)
        g.request_id = given if sound else secrets.token_hex(8)
    name: str = g.request_id
    return name


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the event, what it happened to, and where it came from."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redacted(record.getMessage()),
            **_of_request(record),
        }
        if record.exc_info:
            told["trace"] = redacted(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


class ReadableLines(logging.Formatter):
    """One line an event and its trace below, for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the event; what came from outside makes no lines of its own."""
        told = " ".join(f"{name}={value}" for name, value in _of_request(record).items())
        event = CONTROL.sub(" ", redacted(record.getMessage()))
        line = f"{record.levelname.lower()} {record.name}: {event} {told}".rstrip()
        if record.exc_info:
            line += "\n" + redacted(self.formatException(record.exc_info))
        return line


def _of_request(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = {"request": request_id()} if has_request_context() else {}
    return told | getattr(record, "about", {})


def write_logs(settings: Settings) -> None:
    """Send every event of this process to standard error, in one form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ReadableLines() if settings.development else JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING if settings.development else logging.INFO)
    for name, level in NOISY.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)


def log_requests(app: Flask) -> None:
    """Name every request, and write one line when it is answered."""

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()
        request_id()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        quiet = request.endpoint in {"static", "health.healthz", "health.readyz"}
        log.log(logging.DEBUG if quiet else logging.INFO, "request", extra=_about(response))
        return response

    user_loaded_from_request.connect(_remember_who, app)


def _remember_who(_app: Flask, user: Any, **_: Any) -> None:
    g.who = user.reference


def _about(response: Response) -> dict[str, Any]:
    """Tell of a request what helps to find a fault: never its query, its address or its sender."""
    about: dict[str, Any] = {
        "method": request.method if request.url_rule else request.method[:10],
        "path": path_template(),
        "status": response.status_code,
    }
    if "began" in g:
        about["milliseconds"] = round((perf_counter() - g.began) * 1000, 1)
    if "who" in g:
        about["person"] = g.who
    return {"about": about}
