"""Where mails go: a mail server, or a folder while the academy is being developed."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from academy.addresses import MailServer
from academy.config import Settings

TIMEOUT = 30.0
"""Seconds that a mail server may take for one answer."""

CLOSING, MAILBOX_FULL, TOO_LARGE, AUTHENTICATE = 421, 552, 552, 530
STATUS = re.compile(r"^\s*(?:\d{3}[ -])?[245]\.(\d{1,3})\.(\d{1,3})\b")


class Away(Exception):
    """The mail server cannot be used now; that says nothing about the mail."""


class Later(Exception):
    """This mail was not taken now; it may be later."""


class Refused(Exception):
    """This mail will never be taken; `dead` when its address is why."""

    def __init__(self, problem: str, *, dead: bool = False) -> None:
        super().__init__(problem)
        self.dead = dead


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is ready to go, to one address."""

    message: EmailMessage
    address: str


class Transport(Protocol):
    """Takes mails, one by one."""

    def open(self) -> None:
        """Make sure that mails could be handed over. Raises Away."""

    def send(self, letter: Letter) -> None:
        """Hand the mail over. Raises Away, Later or Refused."""

    def close(self) -> None:
        """Let go of what is held until the next mail."""


def transport_of(settings: Settings) -> Transport | None:
    """Give what takes the mails of an academy; None where mails wait."""
    if settings.mail_folder is not None:
        return Folder(settings.mail_folder)
    return Smtp(settings.mail_server) if settings.mail_server is not None else None


class Folder:
    """Puts each mail into a file of its own, whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> None:
        """Make the folder. Raises Away when that cannot be."""
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Away(f"The folder of mails: {error.strerror}") from error

    def send(self, letter: Letter) -> None:
        """Write the mail. Raises Away when the folder cannot take it."""
        stem = re.sub(r"[^A-Za-z0-9_-]", "", str(letter.message["Message-ID"]).partition("@")[0])
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{stem}.eml"
        try:
            unfinished = self._path / f".{name}"
            with unfinished.open("wb") as file:
                file.write(bytes(letter.message))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._path / name)
        except OSError as error:
            raise Away(f"The folder of mails: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is held."""


class Smtp:
    """Speaks with a mail server, over one connection for as long as there are mails."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect, unless the connection from before still answers. Raises Away."""
        if self._connection is not None and not _answers(self._connection):
            self._drop()
        if self._connection is None:
            self._connection = _connected(self._server)

    def send(self, letter: Letter) -> None:
        """Hand the mail over. Raises Away, Later or Refused, with the server's words."""
        if self._connection is None:
            self._connection = _connected(self._server)
        try:
            with _in_words():
                self._connection.send_message(letter.message, to_addrs=[letter.address])
        except (Away, Later):
            self._drop()
            raise

    def close(self) -> None:
        """Say goodbye."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connected(server: MailServer) -> smtplib.SMTP:
    try:
        return _connect(server)
    except smtplib.SMTPAuthenticationError as error:
        raise Away(f"The mail server refuses our name: {error.smtp_code}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Away(_told(error)) from error


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.security == "starttls" and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        elif server.security == "starttls" and server.user:
            # A password never travels in the clear, whoever took the offer away.
            raise smtplib.SMTPNotSupportedError("The mail server offers no encryption.")
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


@contextmanager
def _in_words() -> Iterator[None]:
    """Sort what a server answers to one mail into what it means for the mail."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        [(code, text)] = error.recipients.values()
        raise _recipient_refused(code, _words(code, text)) from error
    except smtplib.SMTPSenderRefused as error:
        problem = _words(error.smtp_code, error.smtp_error)
        # The sender is the same for all: only the size, said with it, is this mail's own.
        if error.smtp_code == TOO_LARGE:
            raise Refused(problem) from error
        raise Away(problem) from error
    except smtplib.SMTPResponseException as error:
        problem = _words(error.smtp_code, error.smtp_error)
        raise Refused(problem) if error.smtp_code >= 500 else Later(problem) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused("The mail server cannot write to an address with these letters.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Later(_told(error)) from error


def _recipient_refused(code: int, problem: str) -> Exception:
    if code == AUTHENTICATE:
        return Away(problem)
    if code < 500:
        return Later(problem)
    status = STATUS.match(problem)
    subject, detail = (status[1], status[2]) if status else ("", "")
    if (subject, detail) == ("2", "2") or (not status and code == MAILBOX_FULL):
        return Later(problem)
    # x.7.x is about us and our rights, not about whether anybody lives there.
    return Refused(problem, dead=subject != "7")


def _words(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {said}".split())[:400]


def _told(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "The mail server does not answer."
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split())[:400] or type(error).__name__
