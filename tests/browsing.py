"""A browser without scripts: it keeps cookies, reads links and forms, and sends forms back."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from tests.making import PASSWORD

SIGN_IN, SIGN_UP, SIGN_OUT = "/en/sign-in", "/en/sign-up", "/en/sign-out"
ACCOUNT, EVERYWHERE = "/en/my/account", "/en/my/account/sign-out-everywhere"


@dataclass
class Form:
    """A form as it stands in a page, with what its fields hold."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Reads out of a page where it leads and which forms it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root: dict[str, str] = {}
        self.links: list[dict[str, str]] = []
        self.heads: list[dict[str, str]] = []
        self.forms: list[Form] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.root = named
        elif tag == "a":
            self.links.append(named)
        elif tag == "script" and "src" in named:
            self.heads.append({"href": named["src"]})
        elif tag in {"link", "meta"}:
            self.heads.append(named)
        elif tag == "form":
            self.forms.append(Form(named.get("action", ""), named.get("method", "get").lower()))
        elif tag == "input" and self.forms:
            self.forms[-1].fields[named.get("name", "")] = named.get("value", "")

    def posts(self) -> list[Form]:
        """Give the forms that change something."""
        return [form for form in self.forms if form.method == "post"]


class Browser:
    """Somebody's browser; no application context is open while it asks."""

    def __init__(self, app: Flask, *, address: str = "http://localhost") -> None:
        self._client = app.test_client()
        self.address = address

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for a page; keywords are headers, with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.get(path, base_url=self.address, headers=named)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> TestResponse:
        """Send fields as they are, without the token of a form; keywords are headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named = {"Referer": f"{self.address}{path}"} | named
        return self._client.post(path, base_url=self.address, data=fields, headers=named)

    def token(self, page: str = SIGN_IN) -> str:
        """Take the token that the forms of a page carry."""
        return Reader(self.get(page).text).posts()[0].fields["csrf_token"]

    def send(self, path: str, fields: dict[str, str], *, page: str | None = None) -> TestResponse:
        """Fill and send the form that leads to `path`, as it stands on that page or another."""
        wanted = urlsplit(path).path
        read = Reader(self.get(page or path).text)
        [form] = [form for form in read.posts() if urlsplit(form.action).path == wanted]
        return self.post(form.action, form.fields | fields)

    def sign_in(self, email: str = "ana@example.org", password: str = PASSWORD) -> TestResponse:
        """Sign in through the form."""
        return self.send(SIGN_IN, {"email": email, "password": password})

    def sign_out(self) -> TestResponse:
        """Sign out with the button that every page has."""
        return self.send(SIGN_OUT, {}, page=ACCOUNT)

    def cookie(self, name: str) -> str | None:
        """Tell what a cookie holds."""
        host = urlsplit(self.address).hostname or ""
        found = self._client.get_cookie(name, domain=host)
        return found.value if found else None

    def bring(self, name: str, value: str) -> None:
        """Put a cookie into the browser."""
        host = urlsplit(self.address).hostname or ""
        self._client.set_cookie(name, value, domain=host)
