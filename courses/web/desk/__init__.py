"""The desk of an institution: its offers, what needs doing, its own profile."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from academy.secretariat.phrases import ACTS
from courses.web.desk import edit, front, history, offers, profile, publishing, tasks, uploads

VIEWS = (edit, front, history, offers, profile, publishing, tasks, uploads)
"""Importing a module puts its views on the desk."""

ACTS.update(
    {
        "offer-published": _l("Published an offer"),
        "offer-withdrawn": _l("Withdrew an offer"),
        "offer-brought-back": _l("Brought an offer back"),
        "upload-published": _l("Published a spreadsheet"),
        "upload-undone": _l("Undid a spreadsheet"),
        "institution-described": _l("Changed the profile of an institution"),
    }
)
