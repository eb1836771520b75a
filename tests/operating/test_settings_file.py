"""Settings of a file, settings of mail and database, and how they are shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from academy.config import BadSettings, Settings
from academy.environment import SETTINGS, environment
from academy.operating.shown import shown
from tests.house.sources import ROOT

KEY = "0123456789abcdef0123456789abcdef"
SOUND = {"SECRET_KEY": KEY, "BASE_URL": "https://academy.example"}
MAIL_SHAPE = (
    "MAIL_URL cannot be read;"
    " it must be like smtp://user:password@host:587, smtps://..., or folder:."
)
DATABASE_SHAPE = (
    "DATABASE_URL cannot be read: it must be like sqlite:////folder/academy.sqlite"
    " or postgresql://user:password@host/name."
)


def written(tmp_path: Path, text: str, mode: int = 0o640) -> dict[str, str]:
    """Write a settings file and give the environment that names it."""
    file = tmp_path / "academy.env"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return {"ACADEMY_SETTINGS": str(file)}


def test_a_file_sets_what_the_environment_does_not(tmp_path: Path) -> None:
    text = f'# ours\n\nSECRET_KEY="{KEY}"\nBASE_URL = https://a.example\nSESSION_DAYS=\n'
    env = written(tmp_path, text) | {"BASE_URL": "https://b.example", "SESSION_DAYS": "7"}

    settings = Settings.from_environment(env)

    assert (settings.secret_key, settings.base_url) == (KEY, "https://b.example")
    assert settings.session_days == 7
    assert environment(env).sources == {
        "SECRET_KEY": env["ACADEMY_SETTINGS"],
        "BASE_URL": "environment",
        "SESSION_DAYS": "environment",
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("SECRET_KEY my secret\n", "{file}, line 1: this is not NAME=VALUE."),
        ("\nsecret=my secret\n", "{file}, line 2: this is not NAME=VALUE."),
        ("BACKUP_KEEP=3\n", "{file}, line 1: BACKUP_KEEP is none of the settings."),
        ("HOME=/x\n", "{file}, line 1: HOME is none of the settings."),
        ("SESSION_DAYS=1\nSESSION_DAYS=2\n", "{file}, line 2: SESSION_DAYS is set for the second"),
    ],
)
def test_a_line_that_is_no_setting_is_named_and_not_repeated(
    text: str, sentence: str, tmp_path: Path
) -> None:
    env = written(tmp_path, text)
    with pytest.raises(BadSettings) as refusal:
        Settings.from_environment(env)
    told = str(refusal.value)
    assert told[: len(sentence) + 400].startswith(sentence.format(file=env["ACADEMY_SETTINGS"]))
    assert "my secret" not in told


def test_a_slip_is_answered_with_what_may_be_meant(tmp_path: Path) -> None:
    env = written(tmp_path, "BACKUP_KEEP=3\n")
    with pytest.raises(BadSettings, match=r"Is BACKUPS_KEEP meant\?$"):
        Settings.from_environment(env)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    env = written(tmp_path, "", mode=0o644)
    file = env["ACADEMY_SETTINGS"]
    with pytest.raises(BadSettings) as refusal:
        Settings.from_environment(env)
    assert str(refusal.value) == f"{file} can be read by others: chmod 640 {file}."


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.env"
    with pytest.raises(BadSettings) as refusal:
        Settings.from_environment({"ACADEMY_SETTINGS": str(file)})
    assert str(refusal.value) == f"ACADEMY_SETTINGS names {file}: No such file or directory."
    with pytest.raises(BadSettings) as refusal:
        Settings.from_environment({"ACADEMY_SETTINGS": str(tmp_path)})
    assert str(refusal.value) == f"ACADEMY_SETTINGS names {tmp_path}: Is a directory."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"MAIL_URL": "smtp://"}, MAIL_SHAPE),
        ({"MAIL_URL": "mail.example"}, MAIL_SHAPE),
        ({"MAIL_URL": "https://u:hidden@mail.example"}, MAIL_SHAPE),
        ({"MAIL_URL": "smtp://u:hidden@mail.example:many"}, MAIL_SHAPE),
        ({"MAIL_URL": "smtp://u:hidden@mail.example/folder"}, MAIL_SHAPE),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM is 'nobody'; it must be like"),
        ({"MAIL_FROM": "A <a@b.example>\nBcc: x@y.example"}, "MAIL_FROM is "),
        ({"MAIL_REPLY_TO": "a@b@c"}, "MAIL_REPLY_TO is 'a@b@c'; it must be like"),
        ({"DATABASE_URL": "academy"}, DATABASE_SHAPE),
        ({"DATABASE_URL": "postgresql://u:hidden@host:many/x"}, DATABASE_SHAPE),
        ({"DATABASE_URL": "magic://u:hidden@host/x"}, DATABASE_SHAPE),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL names no file: web server and worker"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL names no file: web server and"),
        ({"BACKUPS_KEEP": "0"}, "BACKUPS_KEEP is 0: at least one backup is kept."),
    ],
)
def test_what_cannot_be_is_refused_without_its_secrets(
    changes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadSettings) as refusal:
        Settings.from_environment(SOUND | changes)
    assert str(refusal.value)[: len(sentence)] == sentence
    assert "hidden" not in str(refusal.value)


def test_a_mail_server_is_read_from_its_address() -> None:
    named = SOUND | {"MAIL_URL": "smtps://academy%40b.example:p%3Aw@mail.example"}
    server = Settings.from_environment(named).mail_server
    assert server is not None
    assert (server.host, server.port, server.security) == ("mail.example", 465, "tls")
    assert (server.user, server.password) == ("academy@b.example", "p:w")
    assert "p:w" not in repr(server)

    plain = Settings.from_environment(SOUND | {"MAIL_URL": "smtp://mail.example:2525"}).mail_server
    assert plain is not None
    assert (plain.port, plain.security, plain.user) == (2525, "starttls", "")


def test_mails_wait_in_production_and_go_to_a_folder_in_development(tmp_path: Path) -> None:
    waiting = Settings.from_environment(SOUND)
    assert (waiting.mail_url, waiting.mail_folder, waiting.mail_server) == ("", None, None)
    assert waiting.mail_from == "Urban Academy <academy@academy.example>"

    trying = Settings.from_environment(
        {"ACADEMY_ENV": "development", "ACADEMY_HOME": str(tmp_path)}
    )
    assert (trying.mail_url, trying.mail_folder) == ("folder:", tmp_path / "mail")
    assert trying.mail_from == "Urban Academy <academy@localhost>"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    env = written(tmp_path, "MAIL_URL=smtp://u:first-secret@mail.example\n") | SOUND
    env |= {"ACADEMY_HOME": str(tmp_path), "LIMITER_STORAGE": "redis://:second-secret@r.example"}
    settings = Settings.from_environment(env)

    listed = {name: (value, source) for name, value, source in shown(settings, env)}

    assert tuple(listed) == SETTINGS
    assert listed["MAIL_URL"] == ("smtp://u:***@mail.example", env["ACADEMY_SETTINGS"])
    assert listed["LIMITER_STORAGE"] == ("redis://:***@r.example", "environment")
    assert listed["SESSION_DAYS"] == ("30", "default")
    everything = f"{listed} {settings!r}"
    assert [one for one in (KEY, "first-secret", "second-secret") if one in everything] == []


def names_in(path: str, pattern: str) -> list[str]:
    """Find the names of settings in a file."""
    return re.findall(pattern, (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_setting_is_explained_and_no_other() -> None:
    read = names_in("academy/config.py", r'env(?:\.get\(|, )"([A-Z_]+)"')
    assert set(read) == set(SETTINGS)
    example = names_in("deploy/academy.env.example", r"^#?([A-Z_]+)=")
    assert sorted(example) == sorted(SETTINGS)
    for page in ("docs/operating.md", "README.md"):
        told = names_in(page, r"`([A-Z]+_[A-Z_]+)`")
        assert set(SETTINGS) - set(told) == set(), page


def test_the_example_holds_no_secret_and_is_a_settings_file_once_filled_in(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "academy.env.example").read_text(encoding="utf-8")
    with pytest.raises(BadSettings, match=r"^BASE_URL is not set"):
        Settings.from_environment(written(tmp_path, text))
    filled = text.replace("BASE_URL=\n", "BASE_URL=https://a.example\n")
    with pytest.raises(BadSettings, match=r"^SECRET_KEY is not set"):
        Settings.from_environment(written(tmp_path, filled))
    filled = filled.replace("SECRET_KEY=\n", f"SECRET_KEY={KEY}\n")
    settings = Settings.from_environment(written(tmp_path, filled))
    assert (settings.proxy_hops, settings.backup_folder) == (1, Path("/var/backups/academy"))
