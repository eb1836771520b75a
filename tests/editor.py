"""Somebody who edits an offer through its pages, in a browser without script."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict

from academy.accounts.models import Person
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk"
EDIT = f"{DESK}/offers/water-for-all"


class Filled(HTMLParser):
    """Reads what a browser would send of the form that leads to an address."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.fields: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self._select, self._area = "", ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = named.get("action") == self.action
        if not self.inside:
            return
        name, value = named.get("name", ""), named.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in named:
            self.fields.append((self._select, value))
        elif tag == "textarea":
            self._area = name
            self.fields.append((name, ""))
        elif tag == "input" and name:
            ticked = named.get("type") not in {"checkbox", "radio"} or "checked" in named
            if ticked:
                self.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._area:
            name, before = self.fields.pop()
            self.fields.append((name, before + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self.inside = False


class Editor:
    """Somebody who edits: reads a form, fills it in otherwise, sends it."""

    def __init__(self, app: Flask, person: Person) -> None:
        self.visitor = Visitor(app, person)

    def form(self, path: str = EDIT, action: str | None = None) -> MultiDict[str, str]:
        """Read the form of a page, as it is filled."""
        filled = Filled(self.visitor.page(path), action or path)
        return MultiDict((name, text.lstrip("\n")) for name, text in filled.fields)

    def send(self, fields: MultiDict[str, str], path: str = EDIT, **changes: Any) -> Any:
        """Send the form with these fields changed; a list stands for boxes that are ticked."""
        for name, value in changes.items():
            fields.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
        sent: dict[str, Any] = fields.to_dict(flat=False)
        return self.visitor.post(path, **sent)

    def save(self, do: str = "save", **changes: Any) -> Any:
        """Save the form of the offer with these fields changed."""
        return self.send(self.form(), do=do, **changes)
