"""A running identity provider with two applications, a mailbox and a receiver of logout tokens, of either kind."""

import base64
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Protocol
from urllib.parse import parse_qs

from gettone.identity.provider import IdentityProvider
from gettone.identity.rules import TokenRules
from gettone.identity.verifier import TokenVerifier
from tests.factories.authenticator import Authenticator
from tests.factories.form_browser import Browser, Landing, Page
from tests.factories.loopback_server import served
from tests.factories.oidc_app import App, Tokens

PASSWORD = "prova-lunga-2026!"
CLIENTS = frozenset({"gettone-dapp", "gettone-auditor", "gettone-cli"})
_numbers = itertools.count(time.time_ns())


class Mails(Protocol):
    """The messages that a provider sent."""

    def texts_to(self, receiver: str) -> list[str]: ...

    def link_to(self, receiver: str, count: int = 1) -> str: ...


@dataclass
class Person:
    """A person with a confirmed address and a password, at one browser."""

    email: str
    sub: str
    browser: Browser


@dataclass
class IdentityWorld:
    """What the checks work with; they do not know which provider it is."""

    admin: IdentityProvider
    dapp: App
    auditor: App
    mails: Mails
    logout_tokens: list[str]
    rotate_key: Callable[[], list[str]]
    granted: set[str] = field(default_factory=set)

    @property
    def issuer(self) -> str:
        return self.dapp.issuer

    @property
    def rules(self) -> TokenRules:
        return TokenRules(self.issuer, "gettone-api", CLIENTS)

    def verifier(self) -> TokenVerifier:
        """The check of the API, with the keys that the provider publishes now."""
        return TokenVerifier(self.rules, lambda client: client in self.granted)

    def new_email(self) -> str:
        return f"anna{next(_numbers)}@example.org"

    def person(self) -> Person:
        """A new person, created by the administration."""
        email = self.new_email()
        sub = self.admin.create_user(email, "Anna", "Verdi", PASSWORD)
        return Person(email, sub, self.dapp.browser(self.auditor))

    def login(self, person: Person, app: App | None = None, browser: Browser | None = None, **more: str) -> Tokens:
        """Log in with the password, through the page."""
        app, browser = app or self.dapp, browser or person.browser
        page = browser.open(app.auth_url(**more))
        assert isinstance(page, Page)
        return app.redeem(browser.submit(page, username=person.email, password=PASSWORD))

    def enrol(self, person: Person) -> tuple[Authenticator, list[str], Tokens]:
        """Set up an authenticator by asking for level 2; gives it, the recovery codes, and tokens of level 2."""
        page = person.browser.open(self.dapp.auth_url(acr_values="2"))
        assert isinstance(page, Page)
        if page.has_field("username", "password"):
            page = person.browser.submit(page, username=person.email, password=PASSWORD)
        assert isinstance(page, Page)
        authenticator = authenticator_of(page)
        codes_page = person.browser.submit(page, totp=authenticator.code(), userLabel="phone")
        assert isinstance(codes_page, Page), codes_page
        codes = next(form.fields["generatedRecoveryAuthnCodes"] for form in codes_page.forms).split(",")
        landing = person.browser.submit(codes_page, userLabel="codes")
        return authenticator, codes, self.dapp.redeem(landing)


def authenticator_of(page: Page) -> Authenticator:
    """The authenticator that a page of enrolment shows, from the secret that it offers for typing."""
    secret = next(form.fields["totpSecret"] for form in page.forms if "totpSecret" in form.fields)
    return Authenticator(base64.b32encode(secret.encode()).decode().rstrip("="))


def landed(answer: Page | Landing) -> dict[str, str]:
    """The parameters with which an application was reached."""
    assert isinstance(answer, Landing), answer.text[:400]
    return answer.params


def action_page(world: IdentityWorld, person: Person, action: str) -> Page:
    """The page of an action on the own account; a provider may ask for a fresh login before it shows it."""
    page = shown(person.browser.open(world.dapp.auth_url(kc_action=action)))
    return shown(person.browser.submit(page, password=PASSWORD)) if page.has_field("password") else page


def shown(answer: Page | Landing) -> Page:
    """A page that was shown rather than a return to an application."""
    assert isinstance(answer, Page), answer.params
    return answer


@contextmanager
def logout_receiver() -> Iterator[tuple[str, list[str]]]:
    """Address and list of the tokens that a provider posts when sessions end."""
    tokens: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            tokens.extend(parse_qs(body).get("logout_token", []))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_line: object) -> None:
            """Nothing is written to the output of tests."""

    with served(Receiver) as url:
        yield url, tokens
