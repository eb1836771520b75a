"""Settings: a frozen dataclass, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from academy.addresses import (
    FOLDER,
    MailServer,
    bracketed,
    check_base_url,
    check_mail_address,
    database_url,
    intranet_hosts,
    mail_server,
    usual_sender,
)
from academy.environment import BadSettings, environment

__all__ = ["CHECKOUT", "BadSettings", "Settings"]

CHECKOUT = Path(__file__).resolve().parent.parent
MINIMUM_KEY_BYTES = 32
DEVELOPMENT_KEY = "secret-key"
PLACEHOLDERS = frozenset({"changeme", "change-me", "secret", "secret-key", "dev", "development"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can differ between two installations of the academy."""

    secret_key: str = field(repr=False)
    home: Path
    development: bool = False
    database_url: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    sqlite_synchronous: Literal["NORMAL", "FULL"] = "NORMAL"
    session_days: int = 30
    rate_limits: bool = True
    meaning: bool = True
    """Whether search looks for meaning too, where the encoder is installed."""

    limiter_storage: str = field(default="memory://", repr=False)
    mail_url: str = field(default="", repr=False)
    """Whom to hand mails to: smtp://..., smtps://..., "folder:"; empty means that they wait."""

    mail_from: str = ""
    mail_reply_to: str = ""
    mail_per_minute: int = 120
    """How fast mails go: mail servers stop those who send too many at once."""

    backup_folder: Path | None = None
    """Where backups go; without one, none is made at night."""

    backups_keep: int = 14
    intranet_hosts: tuple[str, ...] = ()
    """Hosts that feeds may come from although they are not on the internet."""

    def __post_init__(self) -> None:
        if not self.mail_from:
            object.__setattr__(self, "mail_from", usual_sender(self.base_url))
        if not self.mail_url and self.development:
            object.__setattr__(self, "mail_url", FOLDER)

    @property
    def mail_folder(self) -> Path | None:
        """The folder that takes the mails, where they go nowhere else."""
        return self.home / "mail" if self.mail_url == FOLDER else None

    @property
    def mail_server(self) -> MailServer | None:
        """The server that takes the mails; without one and without a folder, they wait."""
        return mail_server(self.mail_url)

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
        env = environment(env).values
        home = Path(env.get("ACADEMY_HOME") or CHECKOUT / "var").absolute()
        development = _mode(env, home) == "development"
        port = _port(env)
        host = env.get("ACADEMY_HOST", "127.0.0.1")
        near = f"http://{bracketed(host)}:{port}" if development else ""
        base_url = _base_url(env, near)
        return cls(
            secret_key=_secret_key(env, home, development),
            home=home,
            development=development,
            database_url=database_url(env.get("DATABASE_URL", "")),
            base_url=base_url.rstrip("/"),
            host=host,
            port=port,
            trusted_hosts=_trusted_hosts(env, base_url, development),
            proxy_hops=_whole_number(env, "PROXY_HOPS", 0),
            sqlite_synchronous=_synchronous(env),
            session_days=_whole_number(env, "SESSION_DAYS", 30),
            **_switches(env),
            limiter_storage=env.get("LIMITER_STORAGE", "memory://"),
            **_backups(env),
            intranet_hosts=intranet_hosts(env.get("OUTBOUND_INTRANET_HOSTS", "")),
            **_mail(env),
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


def _backups(env: Mapping[str, str]) -> dict[str, Any]:
    number = _whole_number(env, "BACKUPS_KEEP", 14)
    if not number:
        raise BadSettings("BACKUPS_KEEP is 0: at least one backup is kept.")
    return {"backup_folder": _folder(env, "BACKUP_FOLDER"), "backups_keep": number}


def _synchronous(env: Mapping[str, str]) -> Literal["NORMAL", "FULL"]:
    match env.get("SQLITE_SYNCHRONOUS") or "NORMAL":
        case "NORMAL":
            return "NORMAL"
        case "FULL":
            return "FULL"
        case other:
            raise BadSettings(f"SQLITE_SYNCHRONOUS is {other!r}; it can be 'NORMAL' or 'FULL'.")


def _base_url(env: Mapping[str, str], near: str) -> str:
    """Read the public address; in development there is a usual one, which is `near`."""
    base_url = (env.get("BASE_URL") or near).lower()
    check_base_url(base_url, development=bool(near))
    return base_url


def _mail(env: Mapping[str, str]) -> dict[str, Any]:
    mail_url = env.get("MAIL_URL", "")
    mail_server(mail_url)
    return {
        "mail_url": mail_url,
        "mail_from": _mail_address(env, "MAIL_FROM"),
        "mail_reply_to": _mail_address(env, "MAIL_REPLY_TO"),
        "mail_per_minute": _whole_number(env, "MAIL_PER_MINUTE", 120) or 1,
    }


def _switches(env: Mapping[str, str]) -> dict[str, Any]:
    """Read what is on unless it is said to be off."""
    told = {"rate_limits": env.get("RATE_LIMITS"), "meaning": env.get("SEARCH_MEANING")}
    return {name: value != "off" for name, value in told.items()}


def _mail_address(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "")
    if text:
        check_mail_address(name, text)
    return text


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    text = env.get(name, "")
    return Path(text).absolute() if text else None


def _trusted_hosts(env: Mapping[str, str], base_url: str, development: bool) -> tuple[str, ...]:
    named = tuple(part.strip() for part in env.get("TRUSTED_HOSTS", "").split(",") if part.strip())
    local = ("127.0.0.1", "localhost", "[::1]") if development else ()
    host = bracketed(urlsplit(base_url).hostname or "")
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
