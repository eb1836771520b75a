"""The desk of an institution: its offers, what needs doing, its own profile."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from academy.secretariat.phrases import ACTS
from courses.web.desk import (
    edit,
    facilitating,
    front,
    harvests,
    history,
    links,
    messages,
    offer_source,
    offers,
    participants,
    profile,
    publishing,
    reviews,
    run,
    source_form,
    source_removal,
    source_tasks,
    source_words,
    sources,
    tasks,
    topics,
    trial,
    uploads,
)

VIEWS = (
    *(edit, facilitating, front, history, messages, offers, participants, profile, publishing),
    *(
        harvests,
        links,
        offer_source,
        reviews,
        run,
        source_form,
        source_removal,
        source_tasks,
        source_words,
        sources,
        tasks,
        topics,
        trial,
        uploads,
    ),
)
"""Importing a module puts its views on the desk."""

ACTS.update(
    {
        "offer-published": _l("Published an offer"),
        "offer-withdrawn": _l("Withdrew an offer"),
        "draft-thrown-away": _l("Threw a draft away"),
        "offer-brought-back": _l("Brought an offer back"),
        "topic-confirmed": _l("Confirmed what an offer is about"),
        "topic-refused": _l("Refused what an offer seemed to be about"),
        "upload-published": _l("Published a spreadsheet"),
        "upload-undone": _l("Undid a spreadsheet"),
        "participants-downloaded": _l("Downloaded who takes part"),
        "message-sent": _l("Wrote to all who are registered"),
        "facilitator-appointed": _l("Let somebody moderate a webinar"),
        "facilitator-dismissed": _l("Let somebody moderate a webinar no longer"),
        "source-followed": _l("Let an offer follow its source again"),
        "word-mapped": _l("Said what a word of a source means"),
        "word-withdrawn": _l("Withdrew what was said of a word of a source"),
        "links-set": _l("Set the links of a meeting"),
        "source-asked-for": _l("Asked that a source is read"),
        "source-changed": _l("Changed a source"),
        "source-resumed": _l("Asked that a paused source is read again"),
        "push-secret-made": _l("Made the secret of a source"),
        "harvest-stopped": _l("Stopped a reading"),
    }
)
