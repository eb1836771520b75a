"""What a backup says of itself: a file of its own beside it, without which it is none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

FORMAT = 1
SUFFIX = ".json"


class BadBackup(Exception):
    """A backup that cannot be made or used, and why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in the file of a backup."""

    file: str
    database: Literal["sqlite", "postgresql"]
    made_at: datetime
    revision: str
    size: int
    sha256: str
    tables: dict[str, int]
    """Name of each table -> how many rows it has."""

    def write(self, path: Path) -> None:
        """Write it beside the file that it describes."""
        told = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        path.touch(mode=0o600)
        path.write_text(json.dumps(told, indent=1), encoding="utf-8")


def manifest_of(file: Path) -> Manifest:
    """Read what a backup says of itself. Raises BadBackup when it says nothing sound."""
    path = file.with_name(file.name + SUFFIX)
    try:
        told: dict[str, Any] = json.loads(path.read_bytes())
        if told.pop("format") != FORMAT:
            raise BadBackup(f"{path} is of another version of the academy.")
        return Manifest(**told | {"made_at": datetime.fromisoformat(told["made_at"])})
    except FileNotFoundError as error:
        raise BadBackup(f"{file} is no backup: {path.name} is missing beside it.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadBackup(f"{path} cannot be read.") from error


def sha256_of(file: Path) -> str:
    """Give the digest of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check_file(file: Path, manifest: Manifest) -> None:
    """Raise BadBackup unless the file is byte for byte the one that was described."""
    if not file.is_file():
        raise BadBackup(f"There is no file {file}.")
    if file.stat().st_size != manifest.size or sha256_of(file) != manifest.sha256:
        raise BadBackup(f"{file} is damaged: it is not what it was when the backup was made.")
