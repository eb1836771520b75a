"""A real mail server for tests: it keeps what it takes, and refuses what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Any

from aiosmtpd.controller import Controller

from tests.serving import free_port

HEAVIEST = 30_000
"""Bytes of a mail; it is read where bytes are dear, and large ones are cut off."""


@dataclass
class Post:
    """What the mail server does, and what it was handed: one entry a mail, in order.

    `to` answers a recipient, `at_end` a mail that was read whole; "" takes it.
    """

    port: int = field(default_factory=free_port)
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    to: dict[str, str] = field(default_factory=dict)
    at_end: Callable[[str], str] = lambda _address: ""
    from_all: str = ""

    @property
    def url(self) -> str:
        """What MAIL_URL would be."""
        return f"smtp://127.0.0.1:{self.port}"

    def only(self) -> EmailMessage:
        """The one mail that came."""
        [letter] = self.letters
        return letter

    def letter_to(self, address: str) -> EmailMessage:
        """The one mail that came for an address."""
        [found] = [
            letter
            for letter, to in zip(self.letters, self.recipients, strict=True)
            if to == address
        ]
        return found

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count who connects."""
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a sender, or none at all."""
        if self.from_all:
            return self.from_all
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or say what was asked for."""
        if self.to.get(address):
            return self.to[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        """Keep the mail, or say what was asked for."""
        [address] = envelope.rcpt_tos
        refusal = self.at_end(address)
        if refusal:
            return refusal
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.recipients.append(address)
        return "250 OK"


class Shown(HTMLParser):
    """What a mail program shows of the HTML of a mail: words, tags, where its links lead."""

    def __init__(self, letter: EmailMessage) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html(letter))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def names(self) -> set[str]:
        """Name the tags."""
        return {name for name, _attributes in self.tags}

    @property
    def links(self) -> list[str]:
        """Give where the links lead, in their order."""
        return [attributes["href"] for name, attributes in self.tags if name == "a"]

    @property
    def root(self) -> dict[str, str]:
        """Give what the page says of itself."""
        [found] = [attributes for name, attributes in self.tags if name == "html"]
        return found


@contextmanager
def open_post(post: Post) -> Iterator[Post]:
    """Let the mail server answer until the block ends."""
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def plain(letter: EmailMessage) -> str:
    """Give the plain text of a mail."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def html(letter: EmailMessage) -> str:
    """Give the HTML of a mail."""
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
