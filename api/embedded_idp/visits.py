"""What every request of the provider needs: a transaction, the browser's cookies, and the answer they lead to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from api.embedded_idp.pages import page_of
from api.embedded_idp.texts import language_of
from gettone.identity.embedded.flow import Return, View, Visit
from gettone.identity.embedded.people import new_ticket
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.store import Transaction

SESSION_COOKIE: Final = "GETTONE_IDP_SESSION"
BROWSER_COOKIE: Final = "GETTONE_IDP_BROWSER"
MAX_FORM_BYTES: Final = 64 * 1024


def realm_of(request: Request) -> EmbeddedRealm:
    """The realm that the application serves."""
    realm: EmbeddedRealm = request.app.state.realm
    return realm


@contextmanager
def transaction_of(realm: EmbeddedRealm) -> Iterator[Transaction]:
    """A transaction in which nothing that has expired is found."""
    with realm.store.transaction() as db:
        db.drop_expired(realm.now_s)
        yield db


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a posted form; empty for one of more than 64 KiB or in another coding."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return {}
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


def browser_of(request: Request) -> str:
    """The cookie that ties a login to one browser; a new one where there is none."""
    return request.cookies.get(BROWSER_COOKIE) or new_ticket()


def answer_of(request: Request, answer: View | Return, browser: str, visit: Visit | None = None) -> Response:
    """Show a view, or return to the application; with the cookies of the browser and of a new session."""
    realm = realm_of(request)
    response: Response
    if isinstance(answer, Return):
        response, session = RedirectResponse(answer.url, 302, {"cache-control": "no-store"}), answer.cookie
    else:
        if visit is not None and answer.flow is not None:
            visit.save()
        language = language_of(request.query_params.get("kc_locale"), request.headers.get("accept-language", ""))
        origins = tuple(one.origin for one in realm.clients.values() if one.origin is not None)
        response, session = page_of(answer, realm.issuer, language, origins), answer.values.get("cookie")
    response.set_cookie(BROWSER_COOKIE, browser, path="/realms/gettone", httponly=True, samesite="lax")
    if session is not None:
        response.set_cookie(SESSION_COOKIE, session, path="/realms/gettone", httponly=True, samesite="lax")
    return response
