"""What a browser calls itself, made short for people: Firefox on Windows."""

from __future__ import annotations

from collections.abc import Mapping

from academy.i18n import gettext as _

# The first that is found counts: most browsers claim to be several others as well.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Opera": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "UCBrowser": "UC Browser",
    "YaBrowser": "Yandex Browser",
    "MiuiBrowser": "Mi Browser",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chromium": "Chromium",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "KAIOS": "KaiOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


def readable_agent(agent: str) -> str | None:
    """Name the browser and the system; None when the browser says neither."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system


def _first(names: Mapping[str, str], agent: str) -> str | None:
    return next((name for mark, name in names.items() if mark in agent), None)
