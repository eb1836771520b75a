"""Installing the encoder: when it can be had, and never in the way."""

from __future__ import annotations

from pathlib import Path

from tests.running.test_launching import copy_of_the_launcher, launch, put_tool


def test_without_the_encoder_it_goes_on_and_says_so(tmp_path: Path) -> None:
    checkout = copy_of_the_launcher(tmp_path)
    put_tool(checkout, fails="requirements-meaning")
    stamp = checkout / ".venv" / "installed.sha256"
    lines = stamp.read_text(encoding="ascii").splitlines(keepends=True)
    stamp.write_text("".join(line for line in lines if "meaning" not in line), encoding="ascii")
    code, output, errors = launch(checkout)
    told = output.splitlines()
    assert (code, errors, len(told), told[-1]) == (0, "", 3, "-m academy")
    assert told[0] == "Installing the encoder for searching by meaning (optional, 32 MB) ..."
    assert told[1].startswith("It goes on without the encoder for searching by meaning, because ")
    assert launch(checkout, env={"SEARCH_MEANING": "off"}) == (0, "-m academy\n", "")
