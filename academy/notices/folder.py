"""The mails of an academy in development, which go to a folder: pages that show them.

In production these addresses do not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, g, render_template, url_for

from academy.access import public
from academy.config import Settings

bp = Blueprint("folder", __name__, url_prefix="/mails", template_folder="templates")
MOST_SHOWN = 100
CSP = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'"
"""Mails bring their styles along, and nothing else."""

HEADERS = (
    *("From", "To", "Reply-To", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"),
    *("Precedence", "Auto-Submitted"),
)


@bp.get("")
@public
def mails() -> str:
    """List the mails, the latest first."""
    g.private = g.noindex = True
    listed = [
        {
            "url": url_for("folder.mail", name=path.stem),
            "subject": message["Subject"],
            "to": message["To"],
            "date": message["Date"],
        }
        for path, message in _latest()
    ]
    return render_template("notices/folder.html", mails=listed, folder=_folder())


@bp.get("/<name>")
@public
def mail(name: str) -> str:
    """Show one mail: its headers, its plain text, and the way to its HTML."""
    g.private = g.noindex = True
    message = _message(name)
    plain = message.get_body(("plain",))
    return render_template(
        "notices/folder_mail.html",
        subject=message["Subject"],
        headers=[(header, message[header]) for header in HEADERS if header in message],
        plain=plain.get_content() if plain else "",
        html_url=url_for("folder.html", name=name),
        attachments=[
            {
                "name": part.get_filename(),
                "type": part["Content-Type"],
                "url": url_for("folder.attachment", name=name, file=part.get_filename()),
            }
            for part in message.iter_attachments()
        ],
        mails_url=url_for("folder.mails"),
    )


@bp.get("/<name>/html")
@public
def html(name: str) -> Response:
    """Show the HTML of a mail as a mail program would."""
    g.private = True
    body = _message(name).get_body(("html",))
    response = Response(body.get_content() if body else "", mimetype="text/html")
    response.headers["Content-Security-Policy"] = CSP
    return response


@bp.get("/<name>/files/<file>")
@public
def attachment(name: str, file: str) -> Response:
    """Hand out what travels with a mail, to be kept and not to be shown."""
    g.private = True
    parts = _message(name).iter_attachments()
    part = next((one for one in parts if one.get_filename() == file), None)
    if part is None:
        abort(404)
    response = Response(part.get_payload(decode=True), mimetype=part.get_content_type())
    response.headers.set("Content-Disposition", "attachment", filename=file)
    return response


def _folder() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.mail_folder or settings.home / "mail"


def _latest() -> Iterator[tuple[Path, EmailMessage]]:
    for path in sorted(_folder().glob("[!.]*.eml"), reverse=True)[:MOST_SHOWN]:
        yield path, _read(path)


def _message(name: str) -> EmailMessage:
    # Only what is in the folder has an address: no name leads anywhere else.
    found: dict[str, Path] = {path.stem: path for path in _folder().glob("[!.]*.eml")}
    if name not in found:
        abort(404)
    return _read(found[name])


def _read(path: Path) -> EmailMessage:
    return BytesParser(EmailMessage, policy=default).parsebytes(path.read_bytes())
