"""Whatever somebody is called, wrote or asks for: pages show it as words, and nothing acts."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import Table, update

from academy.db import db, unit_of_work
from tests.conftest import academy_of
from tests.house.everyone import HERE, Everybody
from tests.house.permissions import entries

pytestmark = pytest.mark.slow
HOSTILE = "</title><img src=x onerror=act()>\"'><svg onload=act()>{{7*7}}{% raw %}"
LITERAL = "{{7*7}}"
WRITTEN = {
    "institutions": ("name", "about", "city", "contact"),
    "people": ("name", "city"),
    "terms": ("edited",),
    "announcements": ("texts",),
    "api_tokens": ("name",),
    "audit": ("reason", "thing"),
    "notices": ("subject", "problem"),
    "offers": ("provider", "contact", "audience", "workload"),
    "offer_texts": ("title", "summary", "description"),
    "role_requests": ("institution_name", "message"),
    "saved_searches": ("name", "query"),
    "sessions": ("agent",),
    "uploads": ("name",),
    "upload_rows": ("title", "external_id"),
    "meetings": ("title", "join_link", "recording"),
    "reviews": ("text", "reason"),
    "concerns": ("text", "answer"),
    "sources": ("name", "note", "default_licence"),
    "harvests": ("reason", "record"),
    "findings": ("external_id", "field", "found"),
}
"""What people, partners and their programs write, by table; addresses of links too."""

ASKED = (
    *("q", "next", "page", "state", "kind", "show", "by", "thing", "agreement", "into", "lacking"),
    *("review", "issue", "methodology", "language", "sort", "v", "lang", "number", "token"),
)
"""What addresses are asked with, and some that nobody reads."""


LEADING = frozenset(("href", "src", "action", "formaction", "srcdoc", "data"))


class Acting(HTMLParser):
    """Notes what would act in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        acts = [name for name, _value in attrs if name.startswith("on")]
        leads = [
            value
            for name, value in attrs
            if name in LEADING and (value or "").lower().startswith("javascript:")
        ]
        drawn = tag == "img" and ("src", "x") in attrs
        if acts or leads or drawn:
            self.found.append(f"{tag} {attrs}")


def _hostile(table: Table, name: str) -> object:
    column = table.columns[name]
    if name in {"join_link", "recording"}:
        return "javascript:act()"
    if "JSON" in str(column.type):
        return {"labels": {"en": HOSTILE}} if name == "edited" else {"en": HOSTILE}
    return HOSTILE[: getattr(column.type, "length", None) or None]


@pytest.fixture(scope="module")
def hostile(bare_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everybody]:
    """Everybody at an academy in which everything that is written tries to act."""
    with academy_of(bare_home, tmp_path_factory.mktemp("hostile") / "home") as app:
        made = Everybody(app)
        with app.app_context(), unit_of_work():
            for name, columns in WRITTEN.items():
                table = db.metadata.tables[name]
                values = {column: _hostile(table, column) for column in columns}
                changed = update(table).values(values)
                if name == "terms":
                    changed = changed.where(table.c.code == "water")
                db.session.execute(changed)
        yield made


@pytest.mark.parametrize("principal", ["learner", "owner", "steward of all"])
def test_what_is_written_acts_on_no_page(hostile: Everybody, principal: str) -> None:
    acting, shown = {}, 0
    for entry in entries():
        if entry.method != "GET" or entry.answer(principal, "cookie") != "in":
            continue
        answer = hostile.by_cookie(principal, "GET", entry.rule, HERE)
        assert answer.status_code < 500 or entry.rule == "/readyz", entry.rule
        if answer.mimetype != "text/html":
            continue
        shown += LITERAL in answer.text
        if found := Acting(answer.text).found:
            acting[entry.rule] = found
    assert acting == {}
    assert shown >= 10


@pytest.mark.parametrize("asking", ["visitor", "steward of all"])
def test_what_is_asked_for_acts_on_no_page(hostile: Everybody, asking: str) -> None:
    asked, acting = urlencode(dict.fromkeys(ASKED, HOSTILE)), {}
    client = hostile.app.test_client(use_cookies=False)
    for entry in entries():
        if entry.method != "GET" or entry.answer(asking, "cookie") not in {"in", "lost"}:
            continue
        path = hostile.address(entry.rule, HERE)
        answer = client.get(f"{path}?{asked}", headers={"Cookie": hostile.cookies[asking]})
        assert answer.status_code < 500 or entry.rule == "/readyz", entry.rule
        if answer.mimetype == "text/html" and (found := Acting(answer.text).found):
            acting[entry.rule] = found
    assert acting == {}


def test_what_would_act_is_found() -> None:
    assert len(Acting(HOSTILE).found) == 2
    assert len(Acting("<a href='JavaScript:act()'>x</a><p>fine</p>").found) == 1


def test_what_opens_a_door_is_in_no_archive_of_ones_own_data(hostile: Everybody) -> None:
    rule = "/<language:lang>/my/data/download"
    answer = hostile.by_cookie("learner", "POST", rule, HERE)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        told = [json.loads(archive.read(one)) for one in archive.namelist() if "json" in one]
    names = set(_names(told))
    assert len(names) > 10
    assert {one for one in names if one.endswith(("token", "hash", "secret", "password"))} == set()


def _names(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        yield from told
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from _names(one)


def test_what_is_told_to_one_program_is_kept_for_no_other(hostile: Everybody) -> None:
    for who in ("learner", "owner"):
        answer = hostile.by_bearer(who, "GET", "/api/v1/me", HERE, scopes=True)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_file_that_was_uploaded_is_handed_out_to_be_kept_and_never_shown(
    hostile: Everybody,
) -> None:
    rule = "/<language:lang>/institutions/<institution>/desk/uploads/<reference>/faulty.csv"
    answer = hostile.by_cookie("editor", "GET", rule, HERE)
    told = (answer.status_code, answer.mimetype, answer.headers["X-Content-Type-Options"])
    assert told == (200, "text/csv", "nosniff")
    assert answer.headers["Content-Disposition"].startswith("attachment")
