"""Pages of accounts: sign up, sign in, sign out, where one is signed in."""

from __future__ import annotations

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as form_session
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.wrappers import Response

from academy import access
from academy.access import current_person, public, signed_in
from academy.accounts import operations, queries, rules
from academy.accounts.models import Person
from academy.config import Settings
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import current_language
from academy.i18n import gettext as _
from academy.security import credential_limit, safe_next
from academy.text import clean_line
from academy.web.agents import readable_agent
from academy.web.forms import REQUIRED, Form
from academy.web.moments import moment

bp = Blueprint("accounts", __name__, url_prefix="/<language:lang>")


def _check_email(text: str) -> None:
    if not rules.is_email(text.strip()):
        raise ValidationError(str(_l("Write the address as in name@example.org.")))


class SignInSchema(Schema):
    """What signing in takes."""

    email = fields.String(required=True, error_messages=REQUIRED)
    password = fields.String(required=True, error_messages=REQUIRED)


class SignUpSchema(Schema):
    """What an account takes: the least that works."""

    name = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=validate.Length(max=120, error=_l("Use at most 120 characters.")),
    )
    email = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=_check_email,
    )
    password = fields.String(required=True, error_messages=REQUIRED)


@bp.get("/sign-in")
@public
def sign_in() -> str:
    """Show the sign-in form."""
    return _sign_in_page(Form(action=request.full_path, next=_next()))


@bp.post("/sign-in")
@public
@credential_limit
def sign_in_post() -> Response | tuple[str, int]:
    """Check address and password, and start a session."""
    form = Form.read(SignInSchema(), next_page=_next())
    with form.refusals_shown():
        if form.sound:
            return _signed_in(_checked_person(form), form.next)
    return _sign_in_page(form), 422


@bp.get("/sign-up")
@public
def sign_up() -> str:
    """Show the form for a new account."""
    return _sign_up_page(Form(action=request.full_path, next=_next()))


@bp.post("/sign-up")
@public
@credential_limit
def sign_up_post() -> Response | tuple[str, int]:
    """Make the account and start its first session."""
    form = Form.read(SignUpSchema(), next_page=_next())
    with form.refusals_shown():
        if form.sound:
            person = _new_person(form)
            flash(_("Welcome. Your account is ready."), "ok")
            return _signed_in(person, form.next)
    return _sign_up_page(form), 422


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End this browser's session, if there is one."""
    token = access.session_token()
    if token:
        with unit_of_work():
            operations.end_session(token)
    return _signed_out()


@bp.get("/my/account")
@signed_in
def profile() -> str:
    """Show where the person is signed in."""
    person = current_person()
    mine = queries.token_hash(access.session_token() or "")
    sessions = [
        {
            "started": moment(session.started_at),
            "agent": readable_agent(session.agent),
            "current": session.token_hash == mine,
        }
        for session in queries.open_sessions(person, now=utcnow())
    ]
    return render_template(
        "accounts/profile.html",
        open_sessions=sessions,
        sign_out_everywhere_url=url_for("accounts.sign_out_everywhere"),
    )


@bp.post("/my/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    """End all of the person's sessions, this one too."""
    with unit_of_work():
        operations.end_all_sessions(current_person())
    return _signed_out()


def _next() -> str | None:
    return safe_next(request.args.get("next"))


def _sign_in_page(form: Form) -> str:
    sign_up_url = url_for("accounts.sign_up", next=form.next)
    return render_template("accounts/sign_in.html", form=form, sign_up_url=sign_up_url)


def _sign_up_page(form: Form) -> str:
    sign_in_url = url_for("accounts.sign_in", next=form.next)
    return render_template("accounts/sign_up.html", form=form, sign_in_url=sign_in_url)


def _checked_person(form: Form) -> Person:
    person = queries.person_by_email(form.cleaned["email"])
    if not operations.password_fits(person, form.cleaned["password"]) or person is None:
        raise rules.WrongCredentials
    return person


def _new_person(form: Form) -> Person:
    email, password = form.cleaned["email"].strip(), form.cleaned["password"]
    name = clean_line(form.cleaned["name"], limit=120)
    if not name:
        raise Invalid({"name": REQUIRED["required"]})
    problem = rules.problem_with_password(password, email=email, name=name)
    if problem is not None:
        raise Invalid({"password": problem})
    hashed = operations.hash_password(password)
    with unit_of_work():
        return operations.sign_up(
            email, name=name, password_hash=hashed, language=current_language(), now=utcnow()
        )


def _signed_in(person: Person, target: str | None) -> Response:
    """Start a session under a new secret; whatever the browser held before is worth nothing."""
    settings: Settings = current_app.config["SETTINGS"]
    email, old = person.email_key, access.session_token()
    with unit_of_work():
        known = queries.person_by_email(email)
        if known is None:
            raise rules.WrongCredentials
        if old:
            operations.end_session(old)
        token = operations.start_session(
            known,
            agent=request.user_agent.string,
            days=settings.session_days,
            now=utcnow(),
        )
    flashes = form_session.pop("_flashes", None)
    form_session.clear()
    if flashes:
        form_session["_flashes"] = flashes
    response = make_response(redirect(target or f"/{current_language()}/my", 303))
    access.remember_session(response, token)
    return response


def _signed_out() -> Response:
    form_session.clear()
    response = make_response(redirect(f"/{current_language()}/", 303))
    access.forget_session(response)
    return response
