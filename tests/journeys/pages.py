"""Every page there is, and what a browser tells of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.serving import Site

LEARNER = "learner-02@sample.example"
"""One of the sample's learners, who takes part in several offers and has reviewed some."""

MANY_RUNS = "learn/living-with-water-drainage-for-delta-towns"
OPEN_TO_ALL = {
    "courses.home": [""],
    "courses.webinars": ["webinars"],
    "courses.learn": [
        "learn",
        "learn?q=budget&language=fr&issue=finance&sort=soonest",
        "learn?language=hi&issue=housing",
        "learn?issue=nonsense&page=99",
        "learn?page=2",
    ],
    "courses.offer": [
        MANY_RUNS,
        "learn/financing-the-green-city",
        "learn/integrated-planning-water-energy-food",
        "learn/preparing-an-ageing-city",
        "learn/charter-of-rights-in-local-services",
        "learn/case-clinic-for-host-cities",
    ],
    "courses.leaving": ["learn/charter-of-rights-in-local-services/leave"],
    "courses.institutions": ["institutions"],
    "courses.institution": ["institutions/asia-pacific-cities-hub"],
    "accounts.sign_in": ["sign-in"],
    "accounts.ask_for_link": ["sign-in/link"],
    "accounts.code": ["sign-in/code"],
    "accounts.forgotten": ["password/forgotten"],
    "accounts.sign_up": ["sign-up"],
    "nothing at all": ["learn/nothing-of-this-name"],
}
SIGNED_IN = {
    "courses.my": ["my"],
    "accounts.profile": ["my/account"],
    "accounts.prove": ["my/account/prove"],
    "accounts.change_password": ["my/account/password"],
    "accounts.change_address": ["my/account/address"],
    "accounts.api_tokens": ["my/account/tokens"],
}
"""The form of a review is opened from My learning: its address differs with every academy."""

LISTEN = """
window.reports = [];
addEventListener('securitypolicyviolation', event =>
  window.reports.push(event.violatedDirective + ' ' + event.blockedURI));
"""
TOLD = """() => {
  const page = document.documentElement, all = selector => [...document.querySelectorAll(selector)];
  const apart = el => el.closest('.vh, .skip, .map');
  const seen = el => el.checkVisibility({visibilityProperty: true}) && !apart(el);
  const where = el => `${el.tagName}.${el.className} ${el.textContent.trim().slice(0, 40)}`;
  const beyond = el => {
    const box = el.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
  };
  const named = el => el.textContent.trim() || el.getAttribute('aria-label') || el.labels?.length;
  const ids = all('[id]').map(el => el.id);
  return {
    language: page.lang,
    direction: page.dir,
    headings: all('h1').length,
    sideways: page.scrollWidth > page.clientWidth,
    beyond: all('body *').filter(el => seen(el) && beyond(el)).map(where),
    unlabelled: all('input:not([type=hidden]), select, textarea')
      .filter(el => !el.labels.length && !el.hasAttribute('aria-label')).map(where),
    unnamed: all('a[href], button, summary').filter(el => !named(el)).map(where),
    twice: ids.filter((id, place) => ids.indexOf(id) !== place),
    untitled: document.title ? [] : ['title'],
    raw: page.outerHTML.match(/%\\((\\w+)\\)[sd]|\\bNone\\b|\\bundefined\\b|LazyString/g) || [],
    reports: window.reports,
  };
}"""


@dataclass
class Ear:
    """Hears what goes wrong in a browser."""

    heard: list[str]

    def console(self, message: ConsoleMessage) -> None:
        """Note what the console says."""
        if message.type in {"error", "warning"}:
            self.heard.append(f"{message.type}: {message.text}")

    def error(self, error: Exception) -> None:
        """Note an error of a script."""
        self.heard.append(f"script: {error}")


def listen(context: BrowserContext) -> Ear:
    """Listen to everything that goes wrong in the pages of a browser from now on."""
    ear = Ear([])
    context.add_init_script(LISTEN)
    context.on("console", ear.console)
    context.on("weberror", lambda one: ear.error(one.error))
    return ear


def told(page: Page) -> dict[str, Any]:
    """Let the browser tell of the page it shows."""
    found: dict[str, Any] = page.evaluate(TOLD)
    return found


def sound(language: str) -> dict[str, Any]:
    """Give what a browser tells of a page without a fault."""
    faults = ("beyond", "unlabelled", "unnamed", "twice", "untitled", "raw", "reports")
    direction = "rtl" if language == "ar" else "ltr"
    start = {"language": language, "direction": direction, "headings": 1, "sideways": False}
    return {**start, **{name: [] for name in faults}}


def sign_in(page: Page, site: Site, *, email: str = LEARNER, language: str = "en") -> None:
    """Sign in as one of the sample's people."""
    page.goto(f"{site.url}/{language}/sign-in")
    page.locator("#f-email").fill(email)
    page.locator("#f-password").fill(site.password)
    page.locator("main form button").click()
    page.wait_for_url(f"**/{language}/my")
