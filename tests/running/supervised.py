"""Runs under the supervisor what its arguments say: NAME CODE pairs of small Python programs.

Before them, `ready` or `waiting`: whether the first is taken for ready at once or never.
"""

from __future__ import annotations

import sys

from academy.supervisor import Bell, Command, Ended, supervise


def main(mode: str, *pairs: str) -> int:
    """Run the programs and tell the exit code."""
    first, *others = (
        Command(name, (sys.executable, "-c", code))
        for name, code in zip(pairs[::2], pairs[1::2], strict=True)
    )
    try:
        came_up = supervise(
            Bell(), first, others, ready=lambda: mode == "ready", announce=lambda: None
        )
    except Ended as ended:
        sys.stderr.write(f"{ended}\n")
        return 1
    return 0 if came_up else 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
