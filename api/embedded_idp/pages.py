"""Plain accessible pages: labels, one heading, errors that are announced; no script and nothing from elsewhere."""

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from fastapi.responses import HTMLResponse

from api.embedded_idp.texts import LANGUAGES, text
from gettone.identity.embedded.flow import View
from gettone.identity.embedded.passwords import totp_in_base32

_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:0 auto;padding:1rem;color:#111;background:#fff}"
    ".banner{background:#b00020;color:#fff;padding:.75rem;font-weight:700}"
    ".wrong{color:#b00020;font-weight:700}label{display:block;margin:.75rem 0 .25rem}"
    "input{font:inherit;width:100%;padding:.5rem;box-sizing:border-box;border:1px solid #555}"
    "button{font:inherit;margin:1rem .5rem 0 0;padding:.5rem 1rem;border:1px solid #111;background:#eee;color:#111}"
    "code,pre{font-size:1rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    ":focus-visible{outline:3px solid #0b57d0;outline-offset:2px}"
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


@dataclass(frozen=True)
class Field:
    """An input: its name, its kind, and what browsers fill in."""

    name: str
    kind: str = "text"
    autocomplete: str = "off"
    label: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class Form:
    """A form: inputs, hidden names whose values a view gives, and further buttons as name and text."""

    fields: tuple[Field, ...] = ()
    hidden: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    submit: str = "submit"


_EMAIL: Final = Field("email", "email", "email", "username")
_NAMES: Final = (Field("firstName", autocomplete="given-name"), Field("lastName", autocomplete="family-name"))
_CANCEL: Final = (("cancel-aia", "cancel"),)
_PASSWORD: Final = Field("password", "password", "current-password", "password-field")
_NEW: Final = (
    Field("password-new", "password", "new-password"),
    Field("password-confirm", "password", "new-password"),
)
_CODE: Final = "one-time-code"
FORMS: Final[dict[str, tuple[Form, ...]]] = {
    "login": (Form((Field("username", "email", "username"), _PASSWORD)),),
    "login-again": (Form((_PASSWORD,)),),
    "register": (Form((_EMAIL, *_NAMES)),),
    "password": (Form(_NEW, buttons=_CANCEL),),
    "password-first": (Form(_NEW),),
    "otp": (Form((Field("otp", autocomplete=_CODE, label="otp"),)), Form((), ("tryAnotherWay",), submit="another-way")),
    "ways": (
        Form((), ("authenticationExecution:otp",), submit="otp"),
        Form((), ("authenticationExecution:recovery",), submit="recovery"),
    ),
    "recovery": (Form((Field("recoveryCodeInput"),)),),
    "totp": (
        Form((Field("totp", autocomplete=_CODE, label="otp"), Field("userLabel", is_required=False)), ("totpSecret",)),
    ),
    "codes": (Form((Field("userLabel", is_required=False),), ("generatedRecoveryAuthnCodes",)),),
    "profile": (Form(_NAMES, buttons=_CANCEL),),
    "email": (Form((_EMAIL,), buttons=_CANCEL),),
    "delete": (Form(buttons=_CANCEL, submit="delete"),),
    "reset": (Form((Field("username", "email", "username"),)),),
    "device": (Form(buttons=(("accept", "accept"), ("cancel", "cancel")), submit=""),),
    "device-code": (Form((Field("user_code"),)),),
}


def page_of(view: View, issuer: str, language: str, origins: tuple[str, ...]) -> HTMLResponse:
    """The page of a view; `origins` are the applications to which a form may lead."""
    flow_id = "" if view.flow is None else view.flow.flow_id
    name = _form_name(view)
    parts = [f"<h1>{escape(text(name, language) or text(view.page, language))}</h1>"]
    if view.wrong is not None:
        parts.append(f'<p class="wrong" role="alert">{escape(text(view.wrong, language))}</p>')
    if text(f"{view.page}-text", language):
        parts.append(f"<p>{escape(text(f'{view.page}-text', language))}</p>")
    parts.append(_shown(view))
    action = f"{issuer}/login-actions/{view.page}?flow={flow_id}&kc_locale={language}"
    for number, form in enumerate(FORMS.get(name, ())):
        parts.append(_form(form, number, action, _values(view), language))
    if name == "login":
        parts += [_link(f"{issuer}/login-actions/reset-credentials?flow={flow_id}", "reset", language)]
        parts += [_link(f"{issuer}/login-actions/registration?flow={flow_id}", "register", language)]
    return document("\n".join(parts), text(view.page, language), language, origins, view.status)


def document(body: str, title: str, language: str, origins: tuple[str, ...] = (), status: int = 200) -> HTMLResponse:
    """A whole page with the red banner, links to the languages, and headers that let nothing else in."""
    banner = f'<p class="banner" role="note">{escape(text("banner", language))}</p>'
    languages = " ".join(f'<a href="?kc_locale={one}" lang="{one}" hreflang="{one}">{one}</a>' for one in LANGUAGES)
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)} · gettone</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f'<body>{banner}<main>{body}</main><nav aria-label="Lingua / Language">{languages}</nav></body></html>'
    )
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self' {' '.join(origins)}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(html, status, headers)


def _form_name(view: View) -> str:
    if view.page == "login" and "known" in view.values:
        return "login-again"
    if view.page == "password" and view.values.get("is_first"):
        return "password-first"
    return view.page


def _values(view: View) -> dict[str, Any]:
    return {**view.values, "tryAnotherWay": "on", "generatedRecoveryAuthnCodes": view.values.get("codes", "")}


def _shown(view: View) -> str:
    """What a page shows for reading: the key of an authenticator, recovery codes, the address."""
    if view.page == "totp":
        return f"<p><code>{escape(totp_in_base32(str(view.values['totpSecret'])))}</code></p>"
    if view.page == "codes":
        items = "".join(f"<li><code>{escape(code)}</code></li>" for code in str(view.values["codes"]).split(","))
        return f"<ol>{items}</ol>"
    known = view.values.get("known") or (view.values.get("email") if view.page in ("verify", "email-sent") else None)
    return "" if known is None else f"<p>{escape(str(known))}</p>"


def _form(form: Form, number: int, action: str, values: dict[str, Any], language: str) -> str:
    parts = [f'<form method="post" action="{escape(action)}">']
    for hidden in form.hidden:
        name, _, fixed = hidden.partition(":")
        parts.append(f'<input type="hidden" name="{name}" value="{escape(fixed or str(values.get(name, "")))}">')
    for field in form.fields:
        label = escape(text(field.label or field.name, language))
        value = "" if field.kind == "password" else escape(str(values.get(field.name, "")))
        required = " required" if field.is_required else ""
        parts.append(
            f'<label for="{field.name}-{number}">{label}</label><input id="{field.name}-{number}" name="{field.name}" '
            f'type="{field.kind}" value="{value}" autocomplete="{field.autocomplete}"{required}>'
        )
    if form.submit:
        parts.append(f'<button type="submit">{escape(text(form.submit, language))}</button>')
    for name, label in form.buttons:
        parts.append(f'<button name="{name}" value="true" formnovalidate>{escape(text(label, language))}</button>')
    return "".join(parts) + "</form>"


def _link(url: str, label: str, language: str) -> str:
    return f'<p><a href="{escape(url)}">{escape(text(label, language))}</a></p>'
