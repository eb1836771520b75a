"""The data of a person as a file: one JSON document, and a CSV sheet for each table."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from academy.privacy.queries import Rows

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")
"""What makes a spreadsheet program calculate instead of show (OWASP, CSV injection)."""


def archive(tables: Mapping[str, Rows], *, made_at: datetime) -> bytes:
    """Make the ZIP file of what is kept of a person."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        whole = {"made_at": made_at.isoformat(), "tables": tables}
        file.writestr("data.json", json.dumps(whole, ensure_ascii=False, indent=2))
        for name, rows in tables.items():
            if rows:
                file.writestr(f"{name}.csv", sheet(rows))
    return packed.getvalue()


def sheet(rows: Rows) -> str:
    """Write rows as CSV (RFC 4180, UTF-8 with a mark that spreadsheet programs look for)."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow([cell(name) for name in names])
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in names])
    return text.getvalue()


def cell(value: Any) -> str:
    """Write one value so that no spreadsheet program takes it for a formula."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text
