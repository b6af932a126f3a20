"""The endpoints that people see: login, registration, links of messages, devices, logout."""

from functools import partial
from typing import Any, Final

import jwt
from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from api.embedded_idp.visits import (
    SESSION_COOKIE,
    answer_of,
    browser_of,
    form_of,
    realm_of,
    transaction_of,
)
from gettone.identity.embedded.devices import device_of
from gettone.identity.embedded.ending import end_sessions
from gettone.identity.embedded.flow import Return, View, Visit, load_flow, new_flow
from gettone.identity.embedded.links import open_link
from gettone.identity.embedded.login import begin, go_on, refused, take
from gettone.identity.embedded.sessions import Sessions
from gettone.identity.embedded.store import Transaction
from gettone.identity.embedded.tokens import send_logouts

router = APIRouter(include_in_schema=False)
OIDC: Final = "/realms/gettone/protocol/openid-connect"
ACTIONS: Final = "/realms/gettone/login-actions"
_LINKED_STEPS: Final = {"registration": "register", "reset-credentials": "reset"}


@router.get(f"{OIDC}/auth")
def authorize(request: Request) -> Response:
    """The beginning of every login (F6), registration (F1) and action (F9, F10)."""
    realm, query, browser = realm_of(request), dict(request.query_params), browser_of(request)
    client = realm.clients.get(query.get("client_id", ""))
    if client is None or client.redirect_uri is None or client.redirect_uri != query.get("redirect_uri"):
        return answer_of(request, View("refused", status=400), browser)
    flow = new_flow(
        client.client_id,
        client.redirect_uri,
        browser,
        state=query.get("state"),
        nonce=query.get("nonce"),
        challenge=query.get("code_challenge", ""),
        level=2 if "2" in query.get("acr_values", "").split() else 1,
        action=query.get("kc_action"),
    )
    if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256" or not flow.challenge:
        return answer_of(request, refused(flow, "invalid_request"), browser)
    age = query.get("max_age", "")
    with transaction_of(realm) as db:
        visit = Visit(realm, db, flow)
        session = Sessions(realm, db).by_cookie(request.cookies.get(SESSION_COOKIE))
        if session is not None and not _may_log_in(visit, session.sub):
            session = None
        answer = begin(visit, session, query.get("prompt", ""), int(age) if age.isdecimal() else None)
        return answer_of(request, answer, browser, visit)


# The steps with endpoints of their own come first: the path of the others would take them.
@router.post(f"{ACTIONS}/device-code")
async def device_code(request: Request) -> Response:
    """A code that was typed."""
    code = (await form_of(request)).get("user_code", "")
    return RedirectResponse(str(request.url_for("device").include_query_params(user_code=code)), 303)


@router.post(f"{ACTIONS}/{{step}}")
async def step(request: Request, step: str) -> Response:
    """The form of a page."""
    form = await form_of(request)
    return await run_in_threadpool(partial(_take, request, step, form))


def _take(request: Request, step: str, form: dict[str, str]) -> Response:
    realm, browser = realm_of(request), browser_of(request)
    with transaction_of(realm) as db:
        flow = load_flow(db, request.query_params.get("flow", ""), browser)
        if flow is None:
            return answer_of(request, View("expired", status=400), browser)
        visit = Visit(realm, db, flow)
        response = answer_of(request, take(visit, step, form), browser, visit)
    send_logouts(visit.messages)
    return response


@router.get(f"{ACTIONS}/action-token")
def link(request: Request) -> Response:
    """The link of a message (F2, F9, F15)."""
    realm, browser = realm_of(request), browser_of(request)
    with transaction_of(realm) as db:
        visit, answer = open_link(realm, db, request.query_params.get("key", ""), browser)
        return answer_of(request, answer, browser, visit)


@router.get(f"{ACTIONS}/{{step}}")
def show_step(request: Request, step: str) -> Response:
    """The page of registration or of a forgotten password, from a link of the login; any other shows the open page."""
    realm, browser = realm_of(request), browser_of(request)
    with transaction_of(realm) as db:
        flow = load_flow(db, request.query_params.get("flow", ""), browser)
        if flow is None:
            return answer_of(request, View("expired", status=400), browser)
        visit, page = Visit(realm, db, flow), _LINKED_STEPS.get(step)
        if page is None or flow.step not in ("login", *_LINKED_STEPS.values()):
            return answer_of(request, go_on(visit), browser, visit)
        flow.step = page
        return answer_of(request, View(page, flow), browser, visit)


@router.get("/realms/gettone/device")
def device(request: Request) -> Response:
    """The page at which a person lets a command line log in."""
    realm, browser = realm_of(request), browser_of(request)
    with transaction_of(realm) as db:
        found = device_of(db, request.query_params.get("user_code", ""))
        if found is None:
            return answer_of(request, View("device-code"), browser)
        return _begin_device(request, db, found, browser)


def _begin_device(request: Request, db: Transaction, found: tuple[str, str], browser: str) -> Response:
    realm, (key, client) = realm_of(request), found
    visit = Visit(realm, db, new_flow(client, "", browser, device=key))
    session = Sessions(realm, db).by_cookie(request.cookies.get(SESSION_COOKIE))
    return answer_of(request, begin(visit, session, "", None), browser, visit)


@router.get(f"{OIDC}/logout")
def logout(request: Request, tasks: BackgroundTasks) -> Response:
    """End the session in all applications (F7), and return to the one that asked."""
    realm, query, browser = realm_of(request), request.query_params, browser_of(request)
    hint = _hint(query.get("id_token_hint", ""))
    client = realm.clients.get(str(hint.get("azp", query.get("client_id", ""))))
    target = query.get("post_logout_redirect_uri")
    if client is None or (target is not None and target != client.post_logout_uri):
        return answer_of(request, View("refused", status=400), browser)
    with transaction_of(realm) as db:
        session = Sessions(realm, db).by_cookie(request.cookies.get(SESSION_COOKIE))
        # The hint is read without its signature: only the cookie says which session ends.
        messages = [] if session is None else end_sessions(realm, db, [session.sid])
    tasks.add_task(send_logouts, messages)
    answer = View("done") if target is None else Return(target)
    response = answer_of(request, answer, browser)
    response.delete_cookie(SESSION_COOKIE, path="/realms/gettone")
    response.background = tasks
    return response


def _hint(token: str) -> dict[str, Any]:
    try:
        return dict(jwt.decode(token, options={"verify_signature": False}))
    except jwt.PyJWTError:
        return {}


def _may_log_in(visit: Visit, sub: str) -> bool:
    person = visit.realm.people(visit.db).by_sub(sub)
    return person is not None and person.is_enabled
