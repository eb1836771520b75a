"""The setting that names hosts of the intranet."""

from __future__ import annotations

from pathlib import Path

import pytest

from academy.config import BadSettings, Settings
from academy.outbound import Request, agent_of, outbound_of
from tests.making import settings_for
from tests.outbound.answering import hosting, saying

SOUND = {"SECRET_KEY": "k1d2H3j4-l5M6n7P8q9R0s1T2u3V4w5", "BASE_URL": "https://a.example.org"}


def read(hosts: str) -> tuple[str, ...]:
    env = SOUND | {"SECRET_KEY": SOUND["SECRET_KEY"] * 2, "OUTBOUND_INTRANET_HOSTS": hosts}
    return Settings.from_environment(env).intranet_hosts


def test_hosts_are_named_with_their_ports() -> None:
    named = read(" Moodle.intranet, 10.1.2.3:8080 ,[fd00::5],")
    assert named == ("moodle.intranet", "10.1.2.3:8080", "[fd00::5]")
    assert read("") == ()


@pytest.mark.parametrize(
    "host", ["http://moodle", "a b", "moodle/x", "me@moodle", "moodle:x", "*", "*.intranet", "a?b"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(BadSettings, match="OUTBOUND_INTRANET_HOSTS names"):
        read(f"wiki, {host}")


def test_an_academy_asks_what_its_settings_name(tmp_path: Path) -> None:
    with hosting(saying(b"feed")) as host:
        settings = settings_for(tmp_path, intranet_hosts=(host.authority,))
        assert outbound_of(settings).fetch(Request(host.url)).content == b"feed"
    assert host.header("user-agent") == agent_of(settings)


def test_a_process_has_one_door_and_one_pace(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    assert outbound_of(settings) is outbound_of(settings_for(tmp_path))
    assert outbound_of(settings_for(tmp_path, intranet_hosts=("wiki",))) != outbound_of(settings)
