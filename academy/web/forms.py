"""Forms: read once through a schema, shown again with what was typed and what was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from academy.errors import Invalid, Refusal
from academy.i18n import gettext as _

REQUIRED = {"required": _l("Please answer this."), "null": _l("Please answer this.")}
MISSING = fields.Field.default_error_messages
OF_THE_LIBRARY = (
    *("Not a valid ", "Must be ", "Must not be ", "Shorter than ", "Longer than "),
    *("Length must ", "Missing data ", "Field may ", "Invalid ", "String does not "),
)
"""How the sentences begin that marshmallow has for its own fields and validators."""

NEVER_SHOWN_AGAIN = frozenset(("password", "code", "csrf_token", "secret"))


@dataclass(slots=True)
class Form:
    """A form on its way between a person and an operation."""

    action: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    summary: str | None = None
    cleaned: dict[str, Any] = field(default_factory=dict)
    next: str | None = None

    @classmethod
    def read(cls, schema: Schema, *, next_page: str | None = None) -> Form:
        """Read the submitted form; errors are kept beside the values, none is raised."""
        sent = {name: text.replace("\x00", "") for name, text in request.form.items()}
        shown = {name: text for name, text in sent.items() if name not in NEVER_SHOWN_AGAIN}
        form = cls(action=request.full_path.rstrip("?"), values=shown, next=next_page)
        filled = {name: text for name, text in sent.items() if text.strip()}
        try:
            form.cleaned = schema.load(filled, unknown=EXCLUDE)
        except ValidationError as wrong:
            form._note(wrong.messages_dict)
        return form

    @property
    def sound(self) -> bool:
        """Whether nothing has been found wrong so far."""
        return not self.errors and self.summary is None

    @contextmanager
    def refusals_shown(self) -> Iterator[None]:
        """Show a refusal of what was typed on the form itself; let any other one through."""
        try:
            yield
        except Refusal as refusal:
            if refusal.status != Invalid.status:
                raise
            self.summary = str(refusal.sentence)
            if isinstance(refusal, Invalid):
                self.errors.update({name: str(text) for name, text in refusal.fields.items()})

    def _note(self, messages: Mapping[str, Any]) -> None:
        for name, found in messages.items():
            text = str(found[0] if isinstance(found, list) else found)
            self.errors[name] = _in_our_words(text)
        self.summary = _("Some answers need another look.")


def _in_our_words(text: str) -> str:
    """Replace what the library says in English where a form has no sentence of its own."""
    if text in (MISSING["required"], MISSING["null"]):
        return str(REQUIRED["required"])
    return _("This answer needs another look.") if text.startswith(OF_THE_LIBRARY) else text
