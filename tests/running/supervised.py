"""Runs under the supervisor what its arguments say: NAME CODE pairs of small Python programs.

The first argument is `ready`, `never` (never ready) or `alone` (one command, run to its end).
"""

from __future__ import annotations

import sys

from academy import supervisor
from academy.supervisor import Bell, Command, Interrupted, Trouble, run_to_end, supervise


def main(mode: str, *pairs: str) -> int:
    """Run the programs and tell the exit code."""
    commands = [
        Command(name, (sys.executable, "-c", code))
        for name, code in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    bell = Bell()
    if mode == "never":
        supervisor.PATIENCE = 0.1
    try:
        if mode == "alone":
            return run_to_end(bell, commands[0])
        supervise(
            bell,
            commands,
            ready=lambda: mode == "ready",
            announce=lambda: None,
        )
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except Interrupted:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
