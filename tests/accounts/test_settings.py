"""What an academy needs to know before it starts, and how it says what is missing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from academy.config import BadSettings, Settings

KEY = "0123456789abcdef0123456789abcdef"
SOUND = {"SECRET_KEY": KEY, "BASE_URL": "https://academy.example"}

BASE_URL_SHAPE = "BASE_URL is %r; it must be https:// and a host, no more."
TOO_SHORT = "SECRET_KEY is too short: 32 bytes or more are needed."
SAMPLE_VALUE = "SECRET_KEY looks like a sample value: make one with random bytes."

BAD = [
    ("SECRET_KEY", "", "SECRET_KEY is not set: 32 random bytes or more, kept out of the code."),
    ("SECRET_KEY", KEY[:31], TOO_SHORT),
    ("SECRET_KEY", "é" * 15, TOO_SHORT),
    ("SECRET_KEY", "ab" * 32, SAMPLE_VALUE),
    ("SECRET_KEY", f"changeme-{KEY}", SAMPLE_VALUE),
    ("SECRET_KEY", f"Development {KEY}", SAMPLE_VALUE),
    ("BASE_URL", "", "BASE_URL is not set: the public address, such as https://academy.org."),
    (
        "BASE_URL",
        "http://academy.example",
        "BASE_URL begins with http://; outside development it must be https://.",
    ),
    *(
        ("BASE_URL", address, BASE_URL_SHAPE % address)
        for address in (
            "academy.example",
            "https://",
            "https://[",
            "https://academy.example:many",
            "https://academy.example:0",
            "https://academy.example/learn",
            "https://academy.example?x=1",
            "https://ana@academy.example",
            "ftp://academy.example",
            "javascript:alert(1)",
        )
    ),
    ("ACADEMY_ENV", "prod", "ACADEMY_ENV is 'prod'; it can be 'development' or 'production'."),
    ("ACADEMY_PORT", "many", "ACADEMY_PORT is 'many'; it must be a whole number."),
    ("ACADEMY_PORT", "-1", "ACADEMY_PORT is '-1'; it must be a whole number."),
    ("ACADEMY_PORT", "0", "ACADEMY_PORT is 0: it must be between 1 and 65535."),
    ("ACADEMY_PORT", "65536", "ACADEMY_PORT is 65536: it must be between 1 and 65535."),
    ("PROXY_HOPS", "one", "PROXY_HOPS is 'one'; it must be a whole number."),
    ("SESSION_DAYS", "30.5", "SESSION_DAYS is '30.5'; it must be a whole number."),
    (
        "SQLITE_SYNCHRONOUS",
        "OFF",
        "SQLITE_SYNCHRONOUS is 'OFF'; it can be 'NORMAL' or 'FULL'.",
    ),
]


@pytest.mark.parametrize(("name", "value", "sentence"), BAD)
def test_bad_settings_are_refused_in_one_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSettings) as refusal:
        Settings.from_environment(SOUND | {name: value})
    assert str(refusal.value) == sentence


def test_production_needs_a_key_and_an_address_and_nothing_else() -> None:
    settings = Settings.from_environment(SOUND)
    assert (settings.development, settings.base_url) == (False, "https://academy.example")
    assert settings.trusted_hosts == ("academy.example",)
    assert (settings.secure_cookies, settings.rate_limits) == (True, True)
    assert (settings.host, settings.port, settings.proxy_hops) == ("127.0.0.1", 8000, 0)


def test_the_secret_is_no_part_of_a_refusal() -> None:
    with pytest.raises(BadSettings) as refusal:
        Settings.from_environment(SOUND | {"SECRET_KEY": "short but secret"})
    assert "secret" not in str(refusal.value)


def test_the_case_of_the_address_does_not_make_cookies_less_secure() -> None:
    settings = Settings.from_environment(SOUND | {"BASE_URL": "HTTPS://Academy.Example:8443/"})
    assert settings.base_url == "https://academy.example:8443"
    assert (settings.secure_cookies, settings.trusted_hosts) == (True, ("academy.example",))


def test_further_hosts_are_trusted_when_they_are_named() -> None:
    named = {"TRUSTED_HOSTS": " learn.example, ,academy.example ,learn.example"}
    settings = Settings.from_environment(SOUND | named)
    assert settings.trusted_hosts == ("learn.example", "academy.example")


def test_a_numeric_address_of_the_new_kind_is_trusted_as_browsers_write_it() -> None:
    settings = Settings.from_environment(SOUND | {"BASE_URL": "https://[2001:db8::1]:8443"})
    assert settings.trusted_hosts == ("[2001:db8::1]",)


def development(home: Path, **more: str) -> Settings:
    """Settings of an academy in development that keeps its data there."""
    return Settings.from_environment(
        {"ACADEMY_ENV": "development", "ACADEMY_HOME": str(home)} | more
    )


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:8123"), ("::1", "http://[::1]:8123")],
)
def test_development_needs_nothing(tmp_path: Path, host: str, address: str) -> None:
    settings = development(tmp_path, ACADEMY_PORT="8123", ACADEMY_HOST=host)
    assert (settings.base_url, settings.secure_cookies) == (address, False)
    assert set(settings.trusted_hosts) == {"127.0.0.1", "localhost", "[::1]"}


def test_development_makes_a_key_once_that_others_cannot_read(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    first, second = development(home), development(home)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    kept = home / "secret-key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert development(tmp_path / "other").secret_key != first.secret_key


def test_a_key_that_was_half_written_is_not_used(tmp_path: Path) -> None:
    kept = tmp_path / "secret-key"
    kept.write_text("", encoding="ascii")
    with pytest.raises(BadSettings) as refusal:
        development(tmp_path)
    assert str(refusal.value) == f"The key in {kept} is damaged: remove the file."


def test_a_key_of_the_environment_is_taken_in_development_too(tmp_path: Path) -> None:
    assert development(tmp_path, SECRET_KEY=KEY).secret_key == KEY
    assert list(tmp_path.iterdir()) == []


def test_commands_beside_a_development_academy_go_on_with_it(tmp_path: Path) -> None:
    home = {"ACADEMY_HOME": str(tmp_path)}
    first = Settings.from_environment(home | {"ACADEMY_ENV": "development"})

    beside = Settings.from_environment(home)

    assert beside == first


@pytest.mark.parametrize("own", [{"SECRET_KEY": KEY}, {"BASE_URL": "https://academy.example"}])
def test_an_installation_with_settings_of_its_own_never_slips_into_development(
    own: dict[str, str], tmp_path: Path
) -> None:
    Settings.from_environment({"ACADEMY_HOME": str(tmp_path), "ACADEMY_ENV": "development"})

    with pytest.raises(BadSettings):
        Settings.from_environment({"ACADEMY_HOME": str(tmp_path)} | own)
