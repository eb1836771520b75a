"""What needs doing about sources, as sentences for the front page of a desk."""

from __future__ import annotations

from collections.abc import Iterator

from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.text import apart
from courses.harvesting.harvests.watching import last_harvests
from courses.harvesting.models import HarvestState
from courses.sources.models import SourceState
from courses.sources.queries import sources_of
from courses.web import source_phrases as phrases
from courses.web.desk.frame import Desk, Task, needs_doing


@needs_doing(EDITORS, order=15)
def sources_that_failed(desk: Desk) -> Iterator[Task]:
    """Name the sources of which the last reading failed or is held."""
    found = [one for one in sources_of(desk.institution) if one.state is not SourceState.PAUSED]
    last = last_harvests([one.id for one in found])
    for one in found:
        harvest, name = last.get(one.id), apart(one.name)
        url = desk.url("desk.source", source=one.reference)
        if harvest is None:
            continue
        if harvest.state is HarvestState.FAILED:
            said = _(
                "“%(source)s” could not be read. %(why)s", source=name, why=phrases.why(harvest)
            )
            yield Task(said, url, _("See what can be done"))
        elif harvest.state is HarvestState.HELD:
            said = _(
                "“%(source)s” would unlist many offers at once. A steward looks at it first.",
                source=name,
            )
            yield Task(said, url, _("Look at it"))
