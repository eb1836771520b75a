"""What was asked for and is not approved: a steward says why, in a mail that tells just that."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from academy.audit import AuditEntry
from academy.db import db
from courses.sources.models import SourceState
from tests.invited import make_steward
from tests.letters import kinds_for, letter
from tests.read_sources import make_source, source
from tests.staff import make_member
from tests.visiting import Visitor

PAGE = "/en/secretariat/sources"


def test_what_was_asked_for_is_refused_in_words_of_its_own(
    app: Flask,
) -> None:
    editor, steward = make_member(), Visitor(app, make_steward())
    reference, email = make_source(editor), editor.email
    path = f"{PAGE}/{reference}/pause"
    listed, asked = steward.page(PAGE), steward.page(path)
    answer = steward.post(path, reason="Name the sitemap, please.")

    assert ("Refuse it" in listed, "Pause it" in listed) == (True, False)
    assert "It is not read. The institution can change it, and ask again." in asked
    assert (answer.status_code, source(reference).state) == (303, SourceState.PAUSED)
    db.session.remove()
    mail = letter(app, "source-refused", email)
    assert mail.subject == "“Our courses” is not approved"
    assert ("Note", "Name the sitemap, please.") in mail.facts
    assert kinds_for(app, email).count("source-paused") == 0
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.reason) == ("source-refused", "Name the sitemap, please.")
