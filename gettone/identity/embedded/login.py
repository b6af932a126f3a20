"""The course of a login: from what the application asks, page by page, to a code for the application."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from gettone.identity.embedded.actions import PAGES, show_action
from gettone.identity.embedded.devices import answer_device
from gettone.identity.embedded.flow import Flow, Return, View, Visit
from gettone.identity.embedded.mails import send_verification
from gettone.identity.embedded.passwords import hashed_code, new_recovery_codes
from gettone.identity.embedded.people import Person, new_ticket
from gettone.identity.embedded.sessions import Session, hashed_ticket
from gettone.identity.embedded.steps import STEPS, show_login, show_totp

CODE_S: Final = 60
CODE: Final = "code"


def begin(visit: Visit, session: Session | None, prompt: str, max_age_s: int | None) -> View | Return:
    """The first answer to an application: a page, or a return without one."""
    flow = visit.flow
    if session is not None:
        flow.sid, flow.sub = session.sid, session.sub
        age_s = visit.realm.now_s - session.authenticated_s
        flow.must_log_in = prompt == "login" or (max_age_s is not None and age_s >= max(max_age_s, 1))
    if prompt == "none" and (session is None or flow.must_log_in or not _is_complete(visit)):
        return refused(flow, "login_required" if session is None else "interaction_required")
    if prompt == "create" and session is None:
        flow.step = "register"
        return View("register", flow)
    return go_on(visit)


def take(visit: Visit, step: str, form: Mapping[str, str]) -> View | Return:
    """Take the form of the page that is open; a form of any other page shows the open one again."""
    if step in ("register", "reset") and visit.flow.step == "login":
        visit.flow.step = step
    if step == visit.flow.step:
        again = STEPS[step](visit, form)
        if again is not None:
            return again
    return go_on(visit)


def go_on(visit: Visit) -> View | Return:
    """The next page, or the return to the application once nothing is left to ask."""
    view = _next_page(visit)
    if view is None:
        return _finish(visit)
    visit.flow.step = view.page
    return view


def _next_page(visit: Visit) -> View | None:
    flow, person = visit.flow, visit.person()
    if person is None or flow.must_log_in:
        return show_login(visit)
    if not person.email_verified:
        send_verification(visit.realm, visit.db, person, flow.flow_id)
        return View("verify", flow, {"email": person.email})
    if person.password is None:
        return View("password", flow, {"is_first": True})
    if flow.level == 2 and not flow.shows_codes and _level(visit) < 2:
        return show_totp(visit) if person.totp_secret is None else View("otp", flow)
    if flow.shows_codes:
        return View("codes", flow, {"codes": flow.values["codes"]})
    return _action_page(visit, person)


def _action_page(visit: Visit, person: Person) -> View | None:
    flow = visit.flow
    if flow.action_status is not None:
        return None
    if flow.device is not None:
        return View("device", flow)
    page = PAGES.get(flow.action or "")
    if page == "totp":
        return show_totp(visit)
    if page == "codes":
        codes = new_recovery_codes()
        person.recovery_codes = [hashed_code(code) for code in codes]
        visit.realm.people(visit.db).save(person)
        flow.values, flow.shows_codes = {"codes": ",".join(codes)}, True
        return View("codes", flow, {"codes": flow.values["codes"]})
    return None if page is None else show_action(visit, page)


def _is_complete(visit: Visit) -> bool:
    person = visit.person()
    if person is None or not person.email_verified or visit.flow.action is not None:
        return False
    return visit.flow.level < 2 or _level(visit) == 2


def _level(visit: Visit) -> int:
    session = visit.session()
    if visit.flow.has_second_factor:
        return 2
    # Who had to give the password again gives the second factor again, too.
    return 1 if session is None or visit.flow.has_password else session.level


def _finish(visit: Visit) -> View | Return:
    """The session with what this flow added, and a code for the application."""
    flow, now_s = visit.flow, visit.realm.now_s
    session, cookie = visit.session(), None
    if session is None or session.sub != flow.sub:
        session, cookie = visit.sessions.begin(flow.sub or "")
    if flow.has_password:
        session.authenticated_s = now_s
    if flow.has_second_factor:
        session.second_factor_s = now_s
    session.last_used_s = now_s
    session.clients = sorted({*session.clients, flow.client})
    visit.sessions.save(session)
    visit.close()
    if flow.device is not None:
        answer_device(visit.db, flow.device, session.sid)
        return View("device-done", values={"cookie": cookie})
    return Return(_with(flow, {"code": _code(visit, session), "session_state": session.sid}, visit), cookie)


def _code(visit: Visit, session: Session) -> str:
    flow, ticket = visit.flow, new_ticket()
    doc: dict[str, Any] = {
        "sid": session.sid,
        "client": flow.client,
        "redirect_uri": flow.redirect_uri,
        "challenge": flow.challenge,
        "nonce": flow.nonce,
    }
    visit.db.put(CODE, hashed_ticket(ticket), doc, owner=session.sub, expires_s=visit.realm.now_s + CODE_S)
    return ticket


def _with(flow: Flow, answer: dict[str, str], visit: Visit) -> str:
    if flow.action is not None and flow.action_status is not None:
        answer["kc_action_status"] = flow.action_status
    if flow.state is not None:
        answer["state"] = flow.state
    return f"{flow.redirect_uri}?{urlencode({**answer, 'iss': visit.realm.issuer})}"


def refused(flow: Flow, error: str) -> Return:
    """Back to the application with an error of OpenID Connect."""
    answer = {"error": error} | ({} if flow.state is None else {"state": flow.state})
    return Return(f"{flow.redirect_uri}?{urlencode(answer)}")
