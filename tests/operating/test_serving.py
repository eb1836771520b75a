"""`make serve`: settings fit for everybody or one sentence, then web server and worker."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from academy.health import newest_revision
from academy.operating.running import Runs, alone
from tests.house.sources import ROOT
from tests.operating.operated import LIMIT, asked, database_of_before, flask, production
from tests.running.processes import Running
from tests.serving import free_port

SERVE = (sys.executable, "-m", "academy", "serve")


def refused(environment: dict[str, str]) -> tuple[int, str]:
    """Start it and wait for its end; gives exit code and what it said."""
    ended = subprocess.run(
        SERVE, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"SECRET_KEY": ""},
            "SECRET_KEY is not set: 32 random bytes or more, kept out of the code.",
        ),
        ({"BASE_URL": ""}, "BASE_URL is not set: the public address, such as https://academy.org."),
        (
            {"BASE_URL": "http://academy.example"},
            "BASE_URL begins with http://; outside development it must be https://.",
        ),
        (
            {"PROXY_HOPS": ""},
            "PROXY_HOPS is not set: how many proxies of ours are in front, 1 for nginx.",
        ),
        (
            {"ACADEMY_ENV": "development"},
            "ACADEMY_ENV is 'development': that is for make run, not for make serve.",
        ),
        (
            {"DATABASE_URL": "academy"},
            "DATABASE_URL cannot be read: it must be like sqlite:////folder/academy.sqlite"
            " or postgresql://user:password@host/name.",
        ),
        (
            {"ACADEMY_SETTINGS": "/nowhere/academy.env"},
            "ACADEMY_SETTINGS names /nowhere/academy.env: No such file or directory.",
        ),
    ],
)
def test_what_is_missing_or_unsafe_is_told_in_one_sentence(
    changes: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert refused(production(home, **changes)) == (os.EX_CONFIG, f"{sentence}\n")
    assert not home.exists()


def test_it_never_slips_into_development(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("x" * 64, encoding="ascii")
    code, said = refused(production(tmp_path, SECRET_KEY="", BASE_URL=""))
    assert (code, said.split(":")[0]) == (os.EX_CONFIG, "BASE_URL is not set")


def test_a_database_that_does_not_answer_is_told_in_one_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/academy.sqlite"
    port = str(free_port())
    code, said = refused(production(tmp_path / "home", DATABASE_URL=url, ACADEMY_PORT=port))
    assert (code, said) == (
        os.EX_CONFIG,
        "The academy could not start: The database does not answer"
        " (unable to open database file): see DATABASE_URL.\n",
    )


def test_a_database_of_the_release_before_waits_for_its_upgrade(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = database_of_before(home)
    environment = production(home, ACADEMY_PORT=str(free_port()))
    assert refused(environment) == (
        os.EX_CONFIG,
        "The academy could not start: The database is of another version:"
        " flask upgrade brings it to this one.\n",
    )
    assert asked(file, "SELECT count(*) FROM people") == [(2,)]


def test_it_serves_works_and_lets_nobody_replace_its_database(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    academy = Running(SERVE, production(home, ACADEMY_PORT=str(port)))
    try:
        assert academy.wait_for("Urban Academy is at ") == "https://academy.example"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/readyz", headers={"Host": "academy.example"})
        told = json.loads(connection.getresponse().read())
        assert told["checks"]["database"]["revision"] == newest_revision()
        upgrade = flask(production(home), "upgrade")
        assert (upgrade.returncode, upgrade.stdout) == (1, "")
        with pytest.raises(Runs), alone(home):
            pass
    finally:
        academy.interrupt()
        code = academy.exit_code()
        errors = academy.errors()
        academy.end()
    assert code == 0
    levels = [json.loads(line)["level"] for line in errors.splitlines()]
    assert levels == ["info"] * len(levels)
    with alone(home):
        assert refused(production(home, ACADEMY_PORT=str(port))) == (
            os.EX_CONFIG,
            "The academy could not start: The database is being restored or upgraded:"
            " start again after that.\n",
        )


def test_the_unit_is_what_systemd_understands(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd is not installed")
    unit = (ROOT / "deploy" / "academy.service").read_text(encoding="utf-8")
    begin = "ExecStart=/opt/academy/.venv/bin/python -m academy serve\n"
    assert unit.count(begin) == 1
    file = tmp_path / "academy.service"
    file.write_text(unit.replace(begin, "ExecStart=/bin/true\n"), encoding="utf-8")
    verified = subprocess.run(
        [tool, "verify", str(file)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_proxy_is_what_nginx_understands(tmp_path: Path) -> None:
    nginx, openssl = shutil.which("nginx"), shutil.which("openssl")
    if nginx is None or openssl is None:
        pytest.skip("nginx or openssl is not installed")
    subject = ["-subj", "/CN=academy.example.org", "-days", "1"]
    files = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, *files]
    subprocess.run(made, check=True, capture_output=True)
    site = (ROOT / "deploy" / "nginx.conf.example").read_text(encoding="utf-8")
    for place in (
        "/etc/letsencrypt/live/academy.example.org",
        "/var/cache/nginx/academy",
        "/var/log/nginx",
    ):
        assert place in site
        site = site.replace(place, str(tmp_path))
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    whole = f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
    whole += f"http {{ include {tmp_path}/site.conf; }}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    checked = subprocess.run(
        [nginx, "-t", "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr.splitlines()[-1]) == (
        0,
        f"nginx: configuration file {tmp_path}/nginx.conf test is successful",
    )
