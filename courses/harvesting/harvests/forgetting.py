"""What harvests need not know for ever: messages that were taken, and what was wrong long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from academy.db import db
from courses.harvesting.models import Harvest, PushedMessage, RecordedFinding

MESSAGES_KEPT_FOR = timedelta(days=30)
"""Messages are refused minutes after they were signed, so none comes again by then."""

FINDINGS_KEPT_FOR = timedelta(days=90)


def forget_old_messages(*, now: datetime) -> None:
    """Remove the messages that sources sent a month ago."""
    old = PushedMessage.received_at <= now - MESSAGES_KEPT_FOR
    db.session.execute(delete(PushedMessage).where(old))


def forget_old_findings(*, now: datetime) -> None:
    """Remove what was wrong three months ago, record by record; the harvests and sums stay."""
    old = select(Harvest.id).where(Harvest.asked_at <= now - FINDINGS_KEPT_FOR)
    forgotten = delete(RecordedFinding).where(RecordedFinding.harvest_id.in_(old))
    db.session.execute(forgotten, execution_options={"synchronize_session": False})
