"""From what a mail says to the mail itself: headers, plain text and HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from flask import current_app, url_for

from academy.config import Settings
from academy.i18n import direction
from academy.i18n import gettext as _
from academy.notices.composing import Mail, Reader
from academy.notices.models import Group
from academy.notices.rules import ALWAYS_SENT
from academy.notices.unsubscribing import signed
from academy.web.pages import absolute

CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
HOST = re.compile(r"[a-z0-9.-]+")


class Unwritable(Exception):
    """What should stand in a header, or in an address, cannot: it would end the line."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail is sent as: its own name, the group it belongs to, who reads it, and when."""

    reference: str
    group: Group
    reader: Reader
    now: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """What stands below every mail: why it came, and where to say what one wants."""

    why: str
    unsubscribe_url: str
    choose_url: str


def rendered(mail: Mail, envelope: Envelope) -> EmailMessage:
    """Make the mail, in the language that is spoken now. Needs a request context.

    Raises Unwritable when a header would hold the end of a line, or a link leads elsewhere
    than to the web.
    """
    _check_links(mail)
    ending = _ending(envelope)
    message = EmailMessage(policy=SMTP)
    for name, value in _headers(mail, envelope, ending).items():
        message[name] = value
    message.set_content(_plain(mail, ending), cte="quoted-printable")
    message.add_alternative(_html(mail, envelope, ending), subtype="html", cte="quoted-printable")
    for one in mail.attachments:
        main, sub = one.media_type.split("/")
        params = {name: _line(value) for name, value in one.parameters.items()}
        message.add_attachment(
            one.body, maintype=main, subtype=sub, filename=_line(one.name), params=params
        )
    # Last, for what is said of the content before would be said of its first part alone.
    message["Content-Language"] = envelope.reader.language
    return message


def message_id(reference: str) -> str:
    """Name the mail of a notice: the same name whenever it is sent again."""
    settings: Settings = current_app.config["SETTINGS"]
    host = urlsplit(settings.base_url).hostname or ""
    return f"<{reference}@{host if HOST.fullmatch(host) else 'localhost'}>"


def _headers(mail: Mail, envelope: Envelope, ending: Ending) -> dict[str, str | Address]:
    settings: Settings = current_app.config["SETTINGS"]
    headers: dict[str, str | Address] = {
        "Subject": _line(mail.subject),
        "From": _address(settings.mail_from),
        "To": _address(envelope.reader.address),
        "Date": format_datetime(envelope.now),
        "Message-ID": message_id(envelope.reference),
        "Auto-Submitted": "auto-generated",
    }
    reply_to = mail.reply_to or settings.mail_reply_to
    if reply_to:
        headers["Reply-To"] = _address(reply_to)
    if envelope.group not in ALWAYS_SENT:
        headers["Precedence"] = "bulk"
    if ending.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{ending.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _line(text: str) -> str:
    if CONTROL.search(text):
        raise Unwritable("A header of this mail would hold the end of a line.")
    return text


def _address(text: str) -> Address:
    name, address = parseaddr(_line(text))
    local, _at, host = address.rpartition("@")
    try:
        return Address(display_name=name, username=local, domain=host)
    except (ValueError, IndexError) as error:
        raise Unwritable("An address of this mail cannot be written.") from error


def _check_links(mail: Mail) -> None:
    links = [*mail.further, *([mail.action] if mail.action else [])]
    for link in links:
        if not re.fullmatch(r"https?://[^\s<>\"]+", link.url):
            raise Unwritable("A link of this mail does not lead to the web.")


def _ending(envelope: Envelope) -> Ending:
    person = envelope.reader.person
    if envelope.group in ALWAYS_SENT or person is None:
        return Ending(_why(envelope), "", "")
    token = signed(person, envelope.group)
    return Ending(
        _why(envelope),
        absolute(url_for("notices.unsubscribe", token=token)),
        absolute(url_for("notices.preferences")),
    )


def _why(envelope: Envelope) -> str:
    if envelope.reader.person is None:
        return _(
            "You get this mail because your address was given to Urban Academy. If that was a"
            " mistake, there is nothing to do."
        )
    return _("You get this mail because you have an account at Urban Academy.")


def _plain(mail: Mail, ending: Ending) -> str:
    facts = "\n".join(
        _("%(label)s: %(value)s", label=name, value=text) for name, text in mail.facts
    )
    links = [*([mail.action] if mail.action else []), *mail.further]
    blocks = [
        *mail.paragraphs,
        facts,
        *(f"{link.label}\n{link.url}" for link in links),
        *mail.after,
    ]
    below = [ending.why]
    if ending.unsubscribe_url:
        below += [_("No more mails of this kind"), ending.unsubscribe_url]
        below += [_("Choose which mails you get"), ending.choose_url]
    told = "\n\n".join(block for block in blocks if block)
    return f"{told}\n\n-- \n" + "\n".join(below) + "\n"


def _html(mail: Mail, envelope: Envelope, ending: Ending) -> str:
    language = envelope.reader.language
    # Not with what every page shares: that asks who is signed in, and nobody is.
    return current_app.jinja_env.get_template("notices/mail.html").render(
        mail=mail,
        facts=[_fact(label, text) for label, text in mail.facts],
        ending=ending,
        language=language,
        direction=direction(language),
        home=absolute(f"/{language}/"),
    )


def _fact(label: str, text: str) -> dict[str, str]:
    """Show a fact; one that is a page of ours can be followed."""
    ours = re.fullmatch(re.escape(absolute("/")) + r"\S*", text)
    return {"label": label, "text": text, "url": text if ours else ""}
