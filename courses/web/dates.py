"""When a run takes place, in words, and how many places it has left."""

from __future__ import annotations

from datetime import timedelta

from academy.i18n import gettext as _
from academy.i18n import ngettext
from academy.web.moments import day_of, moment
from courses.catalogue.runs import Run


def run_dates(run: Run) -> str:
    """Say when a run takes place: its hour, where it is one of an hour, else its days."""
    if run.starts_at is None:
        return _("Start any time")
    if is_of_one_hour(run):
        return moment(run.starts_at).text
    first = day_of(run.starts_at, run.zone).text
    if run.ends_at is None:
        return _("From %(day)s", day=first)
    last = day_of(run.ends_at, run.zone).text
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def is_of_one_hour(run: Run) -> bool:
    """Tell whether the hour of its one meeting says when the run takes place."""
    if run.starts_at is None or len(run.meetings) != 1:
        return False
    return run.ends_at is None or run.ends_at - run.starts_at < timedelta(days=1)


def places(run: Run) -> str | None:
    """Say how many places are left, where they are counted."""
    if run.capacity is None:
        return None
    left = run.capacity - run.taken
    if not left:
        return _("No place left")
    return str(ngettext("%(num)s place left", "%(num)s places left", left))
