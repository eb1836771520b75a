"""Long lists in pages: which page is asked for, and the way to those beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request, url_for

from academy.i18n import gettext as _
from academy.i18n import number

T = TypeVar("T")
SIZE = 50
"""Rows on a page, where nothing else is said."""

LAST = 100_000
"""The page beyond which nobody is taken seriously."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its number, from 1."""

    number: int
    size: int = SIZE

    @classmethod
    def asked(cls, size: int = SIZE) -> Page:
        """Read which page is asked for; what is no number is the first."""
        text = request.args.get("page", "")
        asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
        return cls(min(max(asked, 1), LAST), size)

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.number - 1) * self.size

    def of(self, rows: Sequence[T]) -> Sequence[T]:
        """Cut this page out of all rows."""
        return rows[self.offset : self.offset + self.size]

    def ways(self, total: int) -> dict[str, Any] | None:
        """Give the ways to the pages beside this one; None where one page holds everything."""
        pages = -(-total // self.size)
        if pages <= 1 and self.number == 1:
            return None
        told = _("Page %(page)s of %(pages)s", page=number(self.number), pages=number(pages))
        return {
            "told": told,
            "previous_url": _page_url(min(self.number - 1, pages)) if self.number > 1 else None,
            "next_url": _page_url(self.number + 1) if self.number < pages else None,
        }


def _page_url(number: int) -> str:
    values: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {})}
    values["page"] = number if number > 1 else None
    return url_for(request.endpoint or "", **values)
