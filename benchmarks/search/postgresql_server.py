"""A PostgreSQL server in a folder, tuned for one client whose data is in memory."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.search.engines import Away

DEBIAN = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"
SETTINGS = (
    *("listen_addresses=''", "fsync=off", "synchronous_commit=off", "max_wal_size=8GB"),
    *("shared_buffers=2GB", "work_mem=256MB", "maintenance_work_mem=1GB"),
    *("effective_cache_size=8GB", "random_page_cost=1.1", "jit=off"),
)


class Server:
    """Runs from the beginning; nobody else can reach it. Raises Away without its programs."""

    def __init__(self, folder: Path) -> None:
        self._programs = _programs()
        self._folder = folder
        # It refuses to run as root.
        self._user = SUPERUSER if os.geteuid() == 0 else None
        shutil.chown(folder, self._user or getpass.getuser())
        self._run("initdb", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = " ".join(f"-c {setting}" for setting in SETTINGS)
        options = f"{settings} -c unix_socket_directories={folder}"
        self._run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
        self.address = f"host={folder} user={SUPERUSER} dbname=postgres"

    def stop(self) -> None:
        """Stop it, and whatever it does."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), "-D", f"{self._folder}/data", *arguments],
            user=self._user,
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def _programs() -> Path:
    """Find the folder of the server's programs: Debian keeps it off the PATH."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    found += [path.parent for path in sorted(DEBIAN.glob("*/bin/initdb"))]
    if not found:
        raise Away("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1]
