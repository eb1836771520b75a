"""Mails in development: a folder, pages that show it, and nothing of that in production."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from academy import create_app
from academy.config import Settings
from academy.db import db, unit_of_work
from academy.notices.composing import Action, Attachment
from academy.notices.delivering import deliver_next
from academy.notices.models import NoticeState
from academy.notices.operations import Recipient, notify
from academy.notices.transports import Folder, transport_of
from academy.preparing import prepare
from tests.browsing import Browser, Reader
from tests.conftest import close
from tests.making import NOW, settings_for
from tests.notices.conftest import Sample

CSP = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'"


@pytest.fixture
def near(academy: Callable[..., Flask], sample: Sample) -> Iterator[Flask]:
    """An academy in development that has sent a mail with a file."""
    file = Attachment("webinar.ics", "text/calendar", b"BEGIN:VCALENDAR", {"method": "PUBLISH"})
    hostile = "<script>alert(1)</script>"
    action = Action("See the course", "http://localhost/en/learn")
    sample.changes = {"subject": f"Hello {hostile}", "attachments": [file], "action": action}
    app = academy(development=True)
    with app.app_context():
        with unit_of_work():
            to = Recipient(address="ana@example.org")
            notify("sample-work", to, about="this", now=NOW)
        transport = transport_of(app.config["SETTINGS"])
        assert isinstance(transport, Folder)
        assert deliver_next(app, transport, now=NOW) is NoticeState.SENT
        db.session.rollback()
        yield app


def mail_page(browser: Browser) -> str:
    """The address of the one mail there is."""
    [path] = [
        link["href"]
        for link in Reader(browser.get("/mails").text).links
        if link["href"].startswith("/mails/")
    ]
    return path


def test_a_mail_can_be_read_and_its_links_followed(near: Flask) -> None:
    browser = Browser(near)
    path = mail_page(browser)
    page = browser.get(path)
    assert "List-Unsubscribe" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    links = [link["href"] for link in Reader(page.text).links]
    assert "http://localhost/en/learn" in links
    assert browser.get("/en/learn").status_code == 200
    shown = browser.get(f"{path}/html")
    assert (shown.status_code, shown.mimetype) == (200, "text/html")
    assert shown.headers["Content-Security-Policy"] == CSP
    assert "<script" not in shown.text
    assert "http://localhost/en/learn" in [link["href"] for link in Reader(shown.text).links]


def test_what_travels_with_a_mail_is_kept_and_not_shown(near: Flask) -> None:
    browser = Browser(near)
    answer = browser.get(f"{mail_page(browser)}/files/webinar.ics")
    assert answer.data == b"BEGIN:VCALENDAR"
    assert answer.headers["Content-Disposition"] == "attachment; filename=webinar.ics"


def test_no_address_leads_out_of_the_folder(near: Flask) -> None:
    settings: Settings = near.config["SETTINGS"]
    (settings.home / "mail" / ".half.eml").write_text("Subject: half")
    (settings.home / "other.eml").write_text("Subject: other")
    browser = Browser(near)
    names = ["..%2Fother", "../other", "%2e%2e/other", ".half", "nothing", "other", "*", "[!.]*"]
    assert [browser.get(f"/mails/{name}").status_code for name in names] == [404] * len(names)
    assert browser.get(f"{mail_page(browser)}/files/..%2Fother.eml").status_code == 404


def test_an_empty_folder_is_said_to_be_empty(academy: Callable[..., Flask]) -> None:
    answer = Browser(academy(development=True)).get("/mails")
    assert answer.status_code == 200
    assert "No mail was sent yet." in answer.text


def test_10_the_pages_do_not_exist_in_production(academy: Callable[..., Flask]) -> None:
    for settings in ({}, {"mail_url": "folder:"}):
        app = academy(**settings)
        assert [rule.rule for rule in app.url_map.iter_rules() if "/mails" in rule.rule] == [
            *(
                "/<language:lang>/my/mails",
                "/<language:lang>/my/mails",
                "/<language:lang>/my/mails/mend",
            ),
            *(
                "/<language:lang>/secretariat/mails",
                "/<language:lang>/secretariat/mails/<reference>/again",
            ),
            "/<language:lang>/secretariat/mails/test",
        ]
        assert Browser(app).get("/mails").status_code == 404


def test_make_run_says_where_mails_are(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, development=True), features=())
    told = prepare(app, lambda _line: None)
    assert told == [f"Mails go to {tmp_path / 'mail'} and are shown at http://localhost/mails"]
    close(app)
