"""Spreadsheets, and somebody who uploads them for the river school."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
from sqlalchemy import func, select

from academy.db import db
from courses.catalogue.models import Offer, State
from courses.uploads.models import UploadRow
from tests.visiting import TOKEN, Visitor

DESK = "/en/institutions/river-school/desk/uploads"
HEAD = ["id", "title", "kind", "language", "address", "issues", "methodologies", "contact", "cost"]


def row(number: int, **changes: str) -> dict[str, str]:
    """Write a row without a fault."""
    usual = {
        "id": f"R-{number}",
        "title": f"River course {number}",
        "kind": "course",
        "language": "English",
        "address": f"https://example.org/river/{number}",
        "issues": "water",
        "methodologies": "self-paced",
        "contact": "school@example.org",
        "cost": "free",
    }
    return usual | changes


def as_csv(rows: list[dict[str, str]], head: list[str] | None = None) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, head or list(dict.fromkeys(k for r in rows for k in r)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: list[dict[str, Any]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for one in rows:
        sheet.append(list(one.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class Editor(Visitor):
    """Somebody who edits for the river school, at the browser."""

    def upload(self, content: bytes, name: str = "offers.csv") -> tuple[int, str]:
        """Upload a file: the status, and where it leads to or what the page says."""
        found = TOKEN.search(self.page("/en/sign-in"))
        assert found is not None
        data = {"csrf_token": found.group(1), "file": (io.BytesIO(content), name)}
        answer = self._alone(self._client.post, DESK, data=data, content_type="multipart/form-data")
        return answer.status_code, answer.headers.get("Location") or answer.get_data(as_text=True)

    def look(self, content: bytes, name: str = "offers.csv") -> str:
        """Upload a file that can be read; gives the address of its page."""
        status, where = self.upload(content, name)
        assert status == 303, where
        return where


def states() -> list[str]:
    return [
        state.value for state in db.session.scalars(select(UploadRow.state).order_by(UploadRow.id))
    ]


def offers() -> dict[str, State]:
    rows = db.session.execute(select(Offer.slug, Offer.state).order_by(Offer.slug))
    return {slug: state for slug, state in rows}


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0
