"""A long sheet is published and undone by the worker, whatever happens to it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.audit import AuditEntry
from academy.db import db, unit_of_work, utcnow
from academy.institutions.models import MemberRole, Membership
from courses.catalogue.models import State
from courses.editing.models import OfferVersion
from courses.uploads import operations, rules
from courses.uploads.carrying_out import carry_out_next
from courses.uploads.models import Upload, UploadRow, UploadState
from courses.uploads.rules import AT_ONCE
from tests.running.killing import Fragile, wait_until
from tests.serving import free_port
from tests.staff import make_member
from tests.uploading import Editor, as_csv, count, offers, row

MANY = AT_ONCE + 1


def long_sheet() -> bytes:
    return as_csv([row(number) for number in range(1, MANY + 1)])


def state() -> UploadState:
    db.session.rollback()
    return db.session.scalars(select(Upload.state)).one()


def published_rows() -> int:
    db.session.rollback()
    done = select(func.count()).where(UploadRow.version.is_not(None))
    return db.session.scalar(done) or 0


def acts() -> list[str]:
    told = select(AuditEntry.act).where(AuditEntry.act.startswith("upload-"))
    return list(db.session.scalars(told.order_by(AuditEntry.id)))


def test_a_long_sheet_waits_for_the_worker_and_is_undone_by_it(editor: Editor) -> None:
    where = editor.look(long_sheet())

    pressed = [editor.post(f"{where}/publish").status_code for _twice in range(2)]
    waiting = editor.page(where)
    carry_out_next(Event())
    published = editor.page(where)

    assert (pressed, waiting.count("<progress")) == ([303, 303], 1)
    assert f"0 of {MANY} rows are published." in waiting
    assert f'max="{MANY}" value="0"' in waiting
    assert "<progress" not in published
    assert (state(), len(offers()), count(OfferVersion)) == (UploadState.PUBLISHED, MANY, MANY)

    editor.post(f"{where}/undo")
    assert f"0 of {MANY} rows are undone." in editor.page(where)
    carry_out_next(Event())

    assert (state(), set(offers().values())) == (UploadState.UNDONE, {State.ARCHIVED})
    assert acts() == ["upload-published", "upload-undone"]


def test_who_has_left_publishes_nothing_more(editor: Editor) -> None:
    where = editor.look(long_sheet())
    editor.post(f"{where}/publish")
    with unit_of_work():
        db.session.delete(db.session.scalars(select(Membership)).one())

    carry_out_next(Event())

    assert (state(), offers(), acts()) == (UploadState.CHECKED, {}, [])


def test_a_sheet_that_somebody_carries_out_is_taken_up_by_nobody_else(editor: Editor) -> None:
    editor.post(f"{editor.look(long_sheet())}/publish")
    now, key = utcnow(), db.session.scalars(select(Upload.id)).one()

    def claimed(after: timedelta) -> bool:
        with unit_of_work():
            return operations.claim(key, now=now + after)

    second = timedelta(seconds=1)
    tries = [claimed(after) for after in (0 * second, rules.LEASE - second, rules.LEASE)]
    assert tries == [True, False, True]


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_doubles_nothing(
    academy: Callable[..., Flask],
) -> None:
    app = academy(development=True)
    with app.app_context():
        editor = Editor(app, make_member(MemberRole.EDITOR))
        where = editor.look(long_sheet())
        fragile = Fragile(app.config["SETTINGS"], free_port())
        try:
            fragile.start("worker")
            editor.post(f"{where}/publish")
            wait_until(lambda: published_rows() >= 10, what="some rows")
            fragile.kill("worker")
            begun = published_rows()
            fragile.start("worker")
            wait_until(lambda: state() is UploadState.PUBLISHED, what="all rows", limit=90)
        finally:
            fragile.stop()

        assert 10 <= begun < MANY
        assert (len(offers()), count(OfferVersion)) == (MANY, MANY)
        assert set(db.session.scalars(select(UploadRow.version))) == {1}
        assert acts() == ["upload-published"]
        assert "Published on" in editor.page(where)


def forget_in(days: int) -> None:
    with unit_of_work():
        operations.forget_old_uploads(now=utcnow() + timedelta(days=days))


def test_what_published_rows_said_is_forgotten_in_a_month_and_what_became_of_them_stays(
    editor: Editor,
) -> None:
    where = editor.look(as_csv([row(1), row(2, cost="perhaps"), row(1)]))
    editor.post(f"{where}/publish")

    forget_in(29)
    assert "Cost – “perhaps”" in editor.page(where)
    forget_in(31)

    kept: list[tuple[Any, ...]] = [
        (one.title, one.state.value, one.version, one.cells)
        for one in db.session.scalars(select(UploadRow).order_by(UploadRow.line))
    ]
    assert kept == [
        ("River course 1", "new", 1, {}),
        ("River course 2", "faulty", None, {}),
        ("River course 1", "faulty", None, {}),
    ]
    page = editor.page(where)
    assert page.count('<span class="tag tag--bad">To mend</span>') == 2
    assert "perhaps" not in page
    again = editor.look(as_csv([row(1, title="Another title", address="https://example.org/new")]))
    assert '<span class="tag">Changed</span>' in editor.page(again)


def test_a_sheet_no_longer_says_who_gave_it_once_they_are_erased(app: Flask) -> None:
    given = make_member(MemberRole.EDITOR)
    editor = Editor(app, given)
    editor.post(f"{editor.look(as_csv([row(1)]))}/publish")

    editor.post("/en/my/account/erase", sure="yes")

    assert [one.person_id for one in db.session.scalars(select(Upload))] == [None]
    assert len(offers()) == 1
