"""A browser as far as a login needs one: cookies, redirects, forms; scripts are not run.

It stops where a redirect leads to an application, and gives the parameters that the application would read.
"""

import ssl
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

# Reading the certificates of the machine takes longer than a login; all clients of the tests share them.
TRUST = ssl.create_default_context()


@dataclass
class Form:
    """A form with the values it would send."""

    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """A page that was shown: its forms, links by text, and text."""

    url: str
    status: int
    forms: list[Form]
    links: list[str]
    text: str
    html: str

    def has_field(self, *names: str) -> bool:
        return any(set(names) <= set(form.fields) for form in self.forms)


@dataclass
class Landing:
    """A redirect to an application, with its parameters."""

    url: str
    params: dict[str, str]


class Browser:
    """One person's browser; `apps` are the addresses of applications at which it stops."""

    def __init__(self, apps: tuple[str, ...]) -> None:
        self._apps = apps
        self.http = httpx2.Client(timeout=30, follow_redirects=False, verify=TRUST)
        # To a browser loopback is a secure place, so that it sends secure cookies there without TLS.
        self.http.cookies.jar.set_policy(DefaultCookiePolicy(secure_protocols=("https", "http")))

    def open(self, url: str) -> Page | Landing:
        return self._follow(self.http.get(url))

    def submit(self, page: Page, **values: str) -> Page | Landing:
        """Send the form of `page` that has all the fields of `values`; buttons count as fields."""
        for form in page.forms:
            if set(values) <= set(form.fields) | set(form.buttons):
                action = urljoin(page.url, form.action)
                return self._follow(self.http.request("POST", action, data={**form.fields, **values}))
        raise AssertionError(f"no form with {sorted(values)} on {page.url}: {[sorted(f.fields) for f in page.forms]}")

    def _follow(self, answer: httpx2.Response) -> Page | Landing:
        for _ in range(20):
            if "location" not in answer.headers:
                return _page(str(answer.url), answer)
            target = urljoin(str(answer.url), answer.headers["location"])
            if target.startswith(self._apps):
                query = parse_qs(urlsplit(target).query)
                return Landing(target, {name: values[0] for name, values in query.items()})
            answer = self.http.get(target)
        raise AssertionError("more than twenty redirects")


def _page(url: str, answer: httpx2.Response) -> Page:
    reader = _Reader()
    reader.feed(answer.text)
    text = " ".join(" ".join(reader.words).split())
    return Page(url, answer.status_code, reader.forms, reader.links, text, answer.text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._open: Form | None = None
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        self._silent = self._silent or tag in ("script", "style")
        if tag == "form":
            self._open = Form(of.get("action", ""), of.get("method", "get").lower())
            self.forms.append(self._open)
        if tag == "a" and of.get("href"):
            self.links.append(of["href"])
        if self._open is not None and tag in ("input", "button", "select", "textarea") and of.get("name"):
            self._field(self._open, tag, of)

    def _field(self, form: Form, tag: str, of: dict[str, str]) -> None:
        kind = of.get("type", "text" if tag == "input" else "submit")
        if tag == "button" or kind == "submit":
            form.buttons[of["name"]] = of.get("value", "")
        elif kind not in ("checkbox", "radio") or "checked" in of:
            form.fields[of["name"]] = of.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag in ("script", "style"):
            self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
