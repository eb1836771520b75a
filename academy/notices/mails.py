"""The mails about mails themselves."""

from __future__ import annotations

from academy.i18n import gettext as _
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.notices.moments import moment_for
from academy.web.pages import absolute


@mail("test", Group.ACCOUNT)
def test_mail(notice: Notice, reader: Reader) -> Mail:
    """Show that mails arrive, and how they look."""
    return Mail(
        subject=_("A test mail from Urban Academy"),
        paragraphs=[_("This mail was asked for to see whether mails arrive. They do.")],
        action=Action(_("To the front page"), absolute(f"/{reader.language}/")),
        facts=[(_("Asked for"), moment_for(reader, notice.made_at))],
    )
