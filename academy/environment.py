"""Where settings come from: the environment, and a file it may name."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from click import ClickException

FILE = "ACADEMY_SETTINGS"
"""The variable that names a file with further settings."""

LARGEST_FILE = 100_000
READABLE_BY_OTHERS = stat.S_IROTH | stat.S_IWOTH

SETTINGS = (
    "ACADEMY_ENV",
    "SECRET_KEY",
    "BASE_URL",
    "TRUSTED_HOSTS",
    "ACADEMY_HOME",
    "DATABASE_URL",
    "ACADEMY_HOST",
    "ACADEMY_PORT",
    "PROXY_HOPS",
    "MAIL_URL",
    "MAIL_FROM",
    "MAIL_REPLY_TO",
    "MAIL_PER_MINUTE",
    "BACKUP_FOLDER",
    "BACKUPS_KEEP",
    "SQLITE_SYNCHRONOUS",
    "SEARCH_MEANING",
    "OUTBOUND_INTRANET_HOSTS",
    "SESSION_DAYS",
    "RATE_LIMITS",
    "LIMITER_STORAGE",
)
"""Everything that can be set, in the order in which people are told."""


class BadSettings(ClickException):
    """The settings do not describe an academy that could run safely.

    Commands show its one sentence instead of a traceback.
    """

    exit_code = os.EX_CONFIG


@dataclass(frozen=True, slots=True)
class Environment:
    """What was set, and where."""

    values: Mapping[str, str]
    sources: Mapping[str, str]
    """Name of a setting -> "environment", or the file."""


def environment(env: Mapping[str, str]) -> Environment:
    """Gather the settings of the environment and of the file that it names; the former win.

    What is empty is not set. Raises BadSettings when the file is not what it should be.
    """
    # Others look for variables of their own here: all of them are passed on.
    here = {name: value for name, value in env.items() if value}
    file = here.get(FILE)
    kept = _kept_in(Path(file)) if file else {}
    sources = dict.fromkeys(kept, file or "")
    sources |= {name: "environment" for name in SETTINGS if name in here}
    return Environment(kept | here, sources)


def _kept_in(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            _check_private(path, os.fstat(file.fileno()))
            text = file.read(LARGEST_FILE).decode()
    except OSError as error:
        raise BadSettings(f"{FILE} names {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path} is not a text in UTF-8.") from error
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            name, value = _setting(line, f"{path}, line {number}")
            if name in values:
                raise BadSettings(f"{path}, line {number}: {name} is set for the second time.")
            values[name] = value
    return {name: value for name, value in values.items() if value}


def _check_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise BadSettings(f"{FILE} names {path}, which is not a file.")
    if found.st_mode & READABLE_BY_OTHERS:
        raise BadSettings(f"{path} can be read by others: chmod 640 {path}.")


def _setting(line: str, place: str) -> tuple[str, str]:
    """Read one line; what it says is not repeated in a refusal, for it may be a secret."""
    name, equals, value = (part.strip() for part in line.partition("="))
    if not equals or not re.fullmatch(r"[A-Z][A-Z_]*", name):
        raise BadSettings(f"{place}: this is not NAME=VALUE.")
    if name not in SETTINGS:
        near = difflib.get_close_matches(name, SETTINGS, n=1)
        hint = f" Is {near[0]} meant?" if near else ""
        raise BadSettings(f"{place}: {name} is none of the settings.{hint}")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return name, value
