"""What a source asks for before it answers: sealed at rest, opened only to be sent, never shown.

The key is made of the academy's secret key, for this use alone. Whoever has only the database, or
a copy of it, can read nothing of what is sealed.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from academy.config import Settings
from academy.errors import Conflict
from courses.sources.models import Source

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

PURPOSE = b"urban academy: credentials of sources, version 1"
PUSH_PREFIX, PUSH_BYTES = "whsec_", 24


class CredentialKind(StrEnum):
    """How a source knows who asks."""

    MOODLE = "moodle"
    BEARER = "bearer"
    BASIC = "basic"
    ARGUMENT = "argument"


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What is sent to a source so that it answers; `user` is a user's name, or an argument's.

    It has no representation: logs and traces show nothing of it.
    """

    kind: CredentialKind
    secret: str
    user: str = ""

    @property
    def header(self) -> str:
        """The value of the Authorization header; empty where there is none."""
        if self.kind is CredentialKind.BASIC:
            pair = f"{self.user}:{self.secret}".encode()
            return f"Basic {base64.b64encode(pair).decode()}"
        return f"Bearer {self.secret}" if self.kind is CredentialKind.BEARER else ""

    @property
    def arguments(self) -> dict[str, str]:
        """What is added to the address, or to the form where one is sent, by its name."""
        if self.kind is CredentialKind.ARGUMENT:
            return {self.user: self.secret}
        return {"wstoken": self.secret} if self.kind is CredentialKind.MOODLE else {}


class CredentialsLost(Conflict):
    """What is kept was sealed under another key."""

    code = "credentials-lost"
    sentence = _l(
        "The credentials of this source were kept under a key that the academy no longer has."
        " Enter them again."
    )


def sealed(text: str, settings: Settings) -> bytes:
    """Encrypt a text so that it can be kept."""
    return _box(settings).encrypt(text.encode())


def opened(kept: bytes, settings: Settings) -> str:
    """Decrypt what was sealed.

    Refuses with CredentialsLost when it was sealed under another key, or is damaged.
    """
    # Seven megabytes, which pages that show no secret do without.
    from cryptography.fernet import InvalidToken  # noqa: PLC0415

    try:
        return _box(settings).decrypt(kept).decode()
    except InvalidToken:
        # Nothing of the failure is of use to anybody but those who attack the seal.
        raise CredentialsLost from None


def sealed_credentials(credentials: Credentials, settings: Settings) -> bytes:
    """Encrypt credentials so that they can be kept."""
    told = {"kind": credentials.kind, "user": credentials.user, "secret": credentials.secret}
    return sealed(json.dumps(told), settings)


def credentials_of(source: Source, settings: Settings) -> Credentials | None:
    """Open what is kept for a source; None when it asks for nothing.

    Refuses with CredentialsLost when it was sealed under another key.
    """
    if source.secret is None:
        return None
    told = json.loads(opened(source.secret, settings))
    return Credentials(CredentialKind(told["kind"]), told["secret"], told["user"])


def new_push_secret() -> str:
    """Make a secret that messages are signed with, as Standard Webhooks write it."""
    return PUSH_PREFIX + base64.b64encode(secrets.token_bytes(PUSH_BYTES)).decode()


def push_secret_of(source: Source, settings: Settings) -> str | None:
    """Open the secret that the source signs its messages with; None when it has none.

    Refuses with CredentialsLost when it was sealed under another key.
    """
    return None if source.push_secret is None else opened(source.push_secret, settings)


def _box(settings: Settings) -> Fernet:
    from cryptography.fernet import Fernet  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return Fernet(base64.urlsafe_b64encode(made.derive(settings.secret_key.encode())))
