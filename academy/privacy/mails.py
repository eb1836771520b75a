"""The mail of an erasure: the last one to an address."""

from __future__ import annotations

from academy.i18n import gettext as _
from academy.notices.composing import Mail, Reader, mail
from academy.notices.models import Group, Notice


@mail("account-erased", Group.ACCOUNT)
def account_erased(_notice: Notice, _reader: Reader) -> Mail | None:
    """Tell somebody that nothing of them is left."""
    return Mail(
        subject=_("Your account is erased"),
        paragraphs=[
            _("Your account at the Urban Academy and what it held are erased, as you asked."),
            _("Places you had are free again. Nobody can tell any more who was counted."),
            _("Copies kept for emergencies forget you too within 35 days."),
        ],
    )
