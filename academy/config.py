"""Settings: a frozen dataclass, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from click import ClickException

CHECKOUT = Path(__file__).resolve().parent.parent
MINIMUM_KEY_BYTES = 32
DEVELOPMENT_KEY = "secret-key"
PLACEHOLDERS = frozenset({"changeme", "change-me", "secret", "secret-key", "dev", "development"})


class BadSettings(ClickException):
    """The environment does not describe an academy that could run safely.

    Commands show its one sentence instead of a traceback.
    """

    exit_code = os.EX_CONFIG


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can differ between two installations of the academy."""

    secret_key: str
    home: Path
    development: bool = False
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    sqlite_synchronous: Literal["NORMAL", "FULL"] = "NORMAL"
    session_days: int = 30
    rate_limits: bool = True
    limiter_storage: str = "memory://"

    @property
    def database(self) -> str:
        """The database address; one SQLite file below `home` unless told otherwise."""
        return self.database_url or f"sqlite:///{self.home / 'academy.sqlite'}"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may only travel over https."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from environment variables.

        Raises BadSettings with one sentence when something needed is missing or unsafe.
        """
        home = Path(env.get("ACADEMY_HOME") or CHECKOUT / "var").absolute()
        development = _mode(env, home) == "development"
        port = _port(env)
        host = env.get("ACADEMY_HOST", "127.0.0.1")
        near = f"http://{_bracketed(host)}:{port}" if development else ""
        base_url = (env.get("BASE_URL") or near).lower()
        _check_base_url(base_url, development)
        return cls(
            secret_key=_secret_key(env, home, development),
            home=home,
            development=development,
            database_url=env.get("DATABASE_URL", ""),
            base_url=base_url.rstrip("/"),
            host=host,
            port=port,
            trusted_hosts=_trusted_hosts(env, base_url, development),
            proxy_hops=_whole_number(env, "PROXY_HOPS", 0),
            sqlite_synchronous=_synchronous(env),
            session_days=_whole_number(env, "SESSION_DAYS", 30),
            rate_limits=env.get("RATE_LIMITS", "on") != "off",
            limiter_storage=env.get("LIMITER_STORAGE", "memory://"),
        )


def _mode(env: Mapping[str, str], home: Path) -> str:
    """Read the mode. Where nothing is said, and development has made a key here, it goes on.

    So that commands work beside `make run`; an installation that has a key or an address of its
    own never slips into development.
    """
    bare = not (env.get("SECRET_KEY") or env.get("BASE_URL"))
    usual = "development" if bare and (home / DEVELOPMENT_KEY).exists() else "production"
    mode = env.get("ACADEMY_ENV") or usual
    if mode not in {"development", "production"}:
        raise BadSettings(f"ACADEMY_ENV is {mode!r}; it can be 'development' or 'production'.")
    return mode


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise BadSettings(f"{name} is {text!r}; it must be a whole number.")
    return int(text)


def _port(env: Mapping[str, str]) -> int:
    port = _whole_number(env, "ACADEMY_PORT", 8000)
    if not 1 <= port <= 65535:
        raise BadSettings(f"ACADEMY_PORT is {port}: it must be between 1 and 65535.")
    return port


def _synchronous(env: Mapping[str, str]) -> Literal["NORMAL", "FULL"]:
    match env.get("SQLITE_SYNCHRONOUS") or "NORMAL":
        case "NORMAL":
            return "NORMAL"
        case "FULL":
            return "FULL"
        case other:
            raise BadSettings(f"SQLITE_SYNCHRONOUS is {other!r}; it can be 'NORMAL' or 'FULL'.")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_site(base_url: str) -> bool:
    """Whether the address is a scheme, a host and perhaps a port, and nothing else."""
    try:
        parts = urlsplit(base_url)
        rebuilt = f"{parts.scheme}://{_bracketed(parts.hostname or '')}"
        rebuilt += f":{parts.port}" if parts.port else ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and rebuilt == base_url.rstrip("/")


def _check_base_url(base_url: str, development: bool) -> None:
    if not base_url:
        raise BadSettings("BASE_URL is not set: the public address, such as https://academy.org.")
    if not _is_site(base_url):
        raise BadSettings(f"BASE_URL is {base_url!r}; it must be https:// and a host, no more.")
    if base_url.startswith("http://") and not development:
        raise BadSettings("BASE_URL begins with http://; outside development it must be https://.")


def _trusted_hosts(env: Mapping[str, str], base_url: str, development: bool) -> tuple[str, ...]:
    named = tuple(part.strip() for part in env.get("TRUSTED_HOSTS", "").split(",") if part.strip())
    local = ("127.0.0.1", "localhost", "[::1]") if development else ()
    host = _bracketed(urlsplit(base_url).hostname or "")
    return tuple(dict.fromkeys((*named, host, *local)))


def _secret_key(env: Mapping[str, str], home: Path, development: bool) -> str:
    """Take the key of the environment; in development, make one and keep it beside the database."""
    key = env.get("SECRET_KEY", "")
    if not key and development:
        return _development_key(home / DEVELOPMENT_KEY)
    if not key:
        raise BadSettings("SECRET_KEY is not set: 32 random bytes or more, kept out of the code.")
    if len(key.encode()) < MINIMUM_KEY_BYTES:
        raise BadSettings(f"SECRET_KEY is too short: {MINIMUM_KEY_BYTES} bytes or more are needed.")
    if len(set(key)) < 8 or any(key.lower().startswith(sample) for sample in PLACEHOLDERS):
        raise BadSettings("SECRET_KEY looks like a sample value: make one with random bytes.")
    return key


def _development_key(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        key = path.read_text(encoding="ascii")
        if len(key) < MINIMUM_KEY_BYTES:
            raise BadSettings(f"The key in {path} is damaged: remove the file.") from None
        return key
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
