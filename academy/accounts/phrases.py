"""The words for what people do and the size of their city."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from academy.accounts.models import CitySize, WorkRole

ROLES = {
    WorkRole.ELECTED: _l("Elected member"),
    WorkRole.SENIOR_OFFICIAL: _l("Senior official"),
    WorkRole.TECHNICAL: _l("Technical staff"),
    WorkRole.ASSOCIATION: _l("Association of local governments"),
    WorkRole.REGIONAL: _l("Regional government"),
    WorkRole.NATIONAL: _l("National government"),
    WorkRole.CIVIL_SOCIETY: _l("Civil society"),
    WorkRole.ACADEMIA: _l("Teaching or research"),
    WorkRole.OTHER: _l("Other"),
}
SIZES = {
    CitySize.SMALL: _l("City under 50,000 people"),
    CitySize.INTERMEDIARY: _l("City of 50,000 to 1 million people"),
    CitySize.METROPOLITAN: _l("City over 1 million people"),
    CitySize.REGION: _l("Region or province"),
}
