"""The cookie that holds a session's secret: its name, and how it is given and taken back."""

from __future__ import annotations

from flask import Response, current_app, request

from academy.config import Settings


def session_cookie() -> str:
    """Name the session cookie; the __Host- prefix pins it to this host where https is used."""
    settings: Settings = current_app.config["SETTINGS"]
    return "__Host-academy" if settings.secure_cookies else "academy"


def session_token() -> str | None:
    """Give the secret of the visitor's own session, if they brought one."""
    return request.cookies.get(session_cookie())


def remember_session(response: Response, token: str) -> None:
    """Hand the session's secret to the browser."""
    settings: Settings = current_app.config["SETTINGS"]
    response.set_cookie(
        session_cookie(),
        token,
        max_age=settings.session_days * 86_400,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget_session(response: Response) -> None:
    """Take the session's secret back from the browser."""
    settings: Settings = current_app.config["SETTINGS"]
    response.delete_cookie(
        session_cookie(), secure=settings.secure_cookies, httponly=True, samesite="Lax"
    )
