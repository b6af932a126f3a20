"""What the links of messages do: confirm an address, make a new one count, set a new password (F2, F9, F15)."""

from typing import Any

from gettone.identity.embedded.flow import Flow, Return, View, Visit, load_flow, new_flow
from gettone.identity.embedded.login import go_on
from gettone.identity.embedded.mails import use_link
from gettone.identity.embedded.people import Person
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.store import Transaction
from gettone.identity.provider import AddressTaken, IdentityEventKind

_CLIENT = "gettone-dapp"


def open_link(realm: EmbeddedRealm, db: Transaction, ticket: str, binding_cookie: str) -> tuple[Visit, View | Return]:
    """Follow a link in the browser with that cookie; a forged, used or expired one is told and does nothing."""
    visit = Visit(realm, db, new_flow(_CLIENT, realm.clients[_CLIENT].redirect_uri or "", binding_cookie))
    doc = use_link(realm, db, ticket)
    person = None if doc is None else realm.people(db).by_sub(doc["sub"])
    if doc is None or person is None:
        return visit, View("link-refused", status=400)
    if doc["kind"] == "verify":
        return visit, _verify(visit, person, doc, binding_cookie)
    if doc["kind"] == "email":
        return visit, _change_address(visit, person, doc["email"])
    return visit, _reset(visit, person)


def _verify(visit: Visit, person: Person, doc: dict[str, Any], binding_cookie: str) -> View | Return:
    people = visit.realm.people(visit.db)
    if doc["email"] != person.email:
        return View("link-refused", status=400)
    person.email_verified = True
    people.save(person)
    people.tell(IdentityEventKind.EMAIL_VERIFIED, person.sub)
    waiting = load_flow(visit.db, doc["flow"] or "", binding_cookie)
    if waiting is not None and waiting.sub == person.sub:
        visit.flow = waiting
    elif person.password is not None:
        return View("done")
    else:
        # In another browser the application waits for nothing: the password is set, and the login comes there.
        visit.flow.sub, visit.flow.values = person.sub, {"reset": True}
    return go_on(visit)


def _change_address(visit: Visit, person: Person, email: str) -> View:
    people = visit.realm.people(visit.db)
    person.email, person.email_verified = email, True
    try:
        people.save(person)
    except AddressTaken:
        return View("link-refused", status=400)
    people.tell(IdentityEventKind.EMAIL_CHANGED, person.sub)
    return View("done")


def _reset(visit: Visit, person: Person) -> View:
    flow: Flow = visit.flow
    flow.sub, flow.step, flow.values = person.sub, "password", {"reset": True}
    return View("password", flow, {"is_first": True})
