"""Seals: the digest of every file of an index, for Whoosh notices no damage by itself."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

SEAL = "seal"
SEGMENTS, CONTENTS = "MAIN_*.seg", "_MAIN_*.toc"


def seal(target: Path) -> None:
    """Write down the digests of an index; what a commit has named never changes any more."""
    known = _sealed(target) if (target / SEAL).exists() else {}
    files = (*target.glob(SEGMENTS), *target.glob(CONTENTS))
    digests = {path.name: known.get(path.name) or _digest(path) for path in files}
    fresh = target / f"{SEAL}.new"
    fresh.write_text(json.dumps(digests), encoding="ascii")
    os.replace(fresh, target / SEAL)


def is_whole(target: Path) -> bool:
    """Tell whether every file is as it was sealed; reads them all.

    Segments that a killed writer has left beside them do no harm: no table of contents names them.
    Raises OSError when a file is missing, ValueError when the seal cannot be read.
    """
    sealed = _sealed(target)
    contents = {path.name for path in target.glob(CONTENTS)}
    return contents <= sealed.keys() and all(
        _digest(target / name) == digest for name, digest in sealed.items()
    )


def _sealed(target: Path) -> dict[str, str]:
    sealed: dict[str, str] = json.loads((target / SEAL).read_bytes())
    return sealed


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
