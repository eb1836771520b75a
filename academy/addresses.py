"""The addresses an academy is given: its own, its database's, and those of its mail."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from importlib.util import find_spec
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from academy.environment import BadSettings

MAIL_PORTS = {"smtp": 587, "smtps": 465}
FOLDER = "folder:"
"""The mail address of a folder below the academy's home."""

MAIL_SHAPE = "it must be like smtp://user:password@host:587, smtps://..., or folder:."


@dataclass(frozen=True, slots=True)
class MailServer:
    """Whom to hand mails to."""

    host: str
    port: int
    security: Literal["starttls", "tls"]
    """Encrypted from the first byte ("tls"), or as soon as the server offers it."""

    user: str = ""
    password: str = field(default="", repr=False)


def bracketed(host: str) -> str:
    """Write a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def check_base_url(base_url: str, development: bool) -> None:
    """Raise BadSettings unless this can be the public address of an academy."""
    if not base_url:
        raise BadSettings("BASE_URL is not set: the public address, such as https://academy.org.")
    if not _is_site(base_url):
        raise BadSettings(f"BASE_URL is {base_url!r}; it must be https:// and a host, no more.")
    if base_url.startswith("http://") and not development:
        raise BadSettings("BASE_URL begins with http://; outside development it must be https://.")


def _is_site(base_url: str) -> bool:
    """Whether the address is a scheme, a host and perhaps a port, and nothing else."""
    try:
        parts = urlsplit(base_url)
        rebuilt = f"{parts.scheme}://{bracketed(parts.hostname or '')}"
        rebuilt += f":{parts.port}" if parts.port else ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and rebuilt == base_url.rstrip("/")


def intranet_hosts(text: str) -> tuple[str, ...]:
    """Read hosts, separated by commas, each with its port unless it is 80 or 443.

    Raises BadSettings for what is no host.
    """
    hosts = [part.strip().lower() for part in text.split(",") if part.strip()]
    for host in hosts:
        if not (re.fullmatch(r"[a-z0-9_.:\[\]-]+", host) and _is_site(f"http://{host}")):
            raise BadSettings(
                f"OUTBOUND_INTRANET_HOSTS names {host!r}; it must be like moodle.intranet,"
                " or moodle.intranet:8080."
            )
    return tuple(hosts)


def database_url(text: str) -> str:
    """Check the database's address; PostgreSQL is reached with the driver that is installed.

    Raises BadSettings, without the address: it may hold a password.
    """
    if not text:
        return ""
    text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    try:
        url = make_url(text)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise BadSettings(
            "DATABASE_URL cannot be read: it must be like sqlite:////folder/academy.sqlite"
            " or postgresql://user:password@host/name."
        ) from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise BadSettings("DATABASE_URL names a database other than SQLite and PostgreSQL.")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise BadSettings("DATABASE_URL names no file: web server and worker share a database.")
    if url.drivername == "postgresql+psycopg" and find_spec("psycopg") is None:
        raise BadSettings("DATABASE_URL needs PostgreSQL's driver: pip install 'psycopg[binary]'.")
    return text


def mail_server(mail_url: str) -> MailServer | None:
    """Read the address of the mail server; None for a folder, or for none.

    Raises BadSettings, without the address: it holds a password.
    """
    if mail_url in {"", FOLDER}:
        return None
    try:
        parts = urlsplit(mail_url)
        port = parts.port
    except ValueError as error:
        raise BadSettings(f"MAIL_URL cannot be read; {MAIL_SHAPE}") from error
    if parts.scheme not in MAIL_PORTS or not parts.hostname or not _ends_with_host(parts):
        raise BadSettings(f"MAIL_URL cannot be read; {MAIL_SHAPE}")
    return MailServer(
        host=parts.hostname,
        port=port or MAIL_PORTS[parts.scheme],
        security="tls" if parts.scheme == "smtps" else "starttls",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _ends_with_host(parts: SplitResult) -> bool:
    return parts.path in {"", "/"} and not parts.query and not parts.fragment


def check_mail_address(name: str, text: str) -> None:
    """Raise BadSettings unless this can stand in the From of a mail."""
    _, address = parseaddr(text)
    clean = re.fullmatch(r"[^@\s<>\",;]+@[^@\s<>\",;]+", address)
    if not clean or re.search(r"[\x00-\x1f\x7f]", text):
        raise BadSettings(f"{name} is {text!r}; it must be like Academy <academy@example.org>.")


def usual_sender(base_url: str) -> str:
    """Name who writes the mails when nothing is said: academy@ the host of the site."""
    host = urlsplit(base_url).hostname or "localhost"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return f"Urban Academy <academy@{host}>"
    return "Urban Academy <academy@localhost>"
