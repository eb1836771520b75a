"""The settings as they are shown to whoever operates the academy: without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from academy.config import Settings
from academy.environment import SETTINGS, environment

HIDDEN = "(set, not shown)"


def shown(settings: Settings, env: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give name, value and source of every setting, as it is in effect."""
    sources = environment(env).sources
    in_effect = _in_effect(settings)
    for name in SETTINGS:
        yield name, in_effect[name] or "(empty)", sources.get(name, "default")


def notes(settings: Settings) -> Iterator[str]:
    """Say what works differently than one may expect."""
    if not settings.mail_url:
        yield "MAIL_URL is not set: mails wait until it is."
    if settings.backup_folder is None:
        yield "BACKUP_FOLDER is not set: no backup is made at night."
    if not settings.development and not settings.proxy_hops:
        yield "PROXY_HOPS is 0: make serve needs a proxy of ours in front, which speaks https."
    if settings.home.exists() and settings.home.stat().st_mode & 0o077:
        yield f"{settings.home} can be opened by others: chmod 700 {settings.home}."


def without_password(address: str) -> str:
    """Show an address with its user and without its password."""
    try:
        password = urlsplit(address).password
    except ValueError:
        return HIDDEN
    return re.sub(r"(//[^:@/]*):[^/]*@", r"\1:***@", address) if password else address


def _in_effect(settings: Settings) -> dict[str, str]:
    return {
        "ACADEMY_ENV": "development" if settings.development else "production",
        "SECRET_KEY": HIDDEN,
        "BASE_URL": settings.base_url,
        "TRUSTED_HOSTS": ",".join(settings.trusted_hosts),
        "ACADEMY_HOME": str(settings.home),
        "DATABASE_URL": without_password(settings.database),
        "ACADEMY_HOST": settings.host,
        "ACADEMY_PORT": str(settings.port),
        "PROXY_HOPS": str(settings.proxy_hops),
        "MAIL_URL": without_password(settings.mail_url),
        "MAIL_FROM": settings.mail_from,
        "MAIL_REPLY_TO": settings.mail_reply_to,
        "MAIL_PER_MINUTE": str(settings.mail_per_minute),
        "BACKUP_FOLDER": _path(settings.backup_folder),
        "BACKUPS_KEEP": str(settings.backups_keep),
        "SQLITE_SYNCHRONOUS": settings.sqlite_synchronous,
        "SEARCH_MEANING": "on" if settings.meaning else "off",
        "OUTBOUND_INTRANET_HOSTS": ",".join(settings.intranet_hosts),
        "SESSION_DAYS": str(settings.session_days),
        "RATE_LIMITS": "on" if settings.rate_limits else "off",
        "LIMITER_STORAGE": without_password(settings.limiter_storage),
    }


def _path(path: Path | None) -> str:
    return str(path) if path else ""
