"""Actions that a person takes on the own account: names, address, password, deletion, a device (F9, F10)."""

from collections.abc import Mapping
from typing import Final

from gettone.identity.embedded.devices import answer_device
from gettone.identity.embedded.ending import end_sessions
from gettone.identity.embedded.flow import View, Visit
from gettone.identity.embedded.mails import send_new_address
from gettone.identity.embedded.passwords import hashed_password, is_weak
from gettone.identity.embedded.people import Person, is_address
from gettone.identity.provider import IdentityEventKind

Form = Mapping[str, str]
CANCEL: Final = "cancel-aia"
# The name of an action at Keycloak, and its page.
PAGES: Final = {
    "UPDATE_PROFILE": "profile",
    "UPDATE_EMAIL": "email",
    "UPDATE_PASSWORD": "password",
    "CONFIGURE_TOTP": "totp",
    "CONFIGURE_RECOVERY_AUTHN_CODES": "codes",
    "delete_account": "delete",
}


def change_names(visit: Visit, form: Form) -> View | None:
    """New names."""
    if CANCEL in form:
        return _given_up(visit)
    person, given, family = _of(visit), form.get("firstName", "").strip(), form.get("lastName", "").strip()
    if not given or not family or len(given) > 100 or len(family) > 100:
        return View("profile", visit.flow, {"firstName": given, "lastName": family}, wrong="name")
    person.given_name, person.family_name = given, family
    visit.realm.people(visit.db).save(person)
    visit.flow.action_status = "success"
    return None


def change_address(visit: Visit, form: Form) -> View | None:
    """A new address, which counts once its link was opened."""
    if CANCEL in form:
        return _given_up(visit)
    email = form.get("email", "").strip().lower()
    if not is_address(email):
        return View("email", visit.flow, {"email": email}, wrong="address")
    if visit.realm.people(visit.db).by_email(email) is not None:
        return View("email", visit.flow, {"email": email}, wrong="taken")
    send_new_address(visit.realm, visit.db, _of(visit), email)
    visit.close()
    return View("email-sent", values={"email": email})


def change_password(visit: Visit, form: Form) -> View | None:
    """A new password, typed twice."""
    if CANCEL in form:
        return _given_up(visit)
    person, password = _of(visit), form.get("password-new", "")
    if is_weak(password, person.email):
        return View("password", visit.flow, wrong="weak")
    if password != form.get("password-confirm", ""):
        return View("password", visit.flow, wrong="unequal")
    is_first = person.password is None
    person.password, person.failures, person.locked_until_s = hashed_password(password), 0, 0
    people = visit.realm.people(visit.db)
    people.save(person)
    people.tell(IdentityEventKind.PASSWORD_CHANGED, person.sub, visit.flow.sid)
    visit.flow.action_status = "success"
    if visit.flow.values.pop("reset", False):
        # Whoever knew the old password is logged out, and the new one is typed once more (F15).
        visit.messages += end_sessions(visit.realm, visit.db, [one.sid for one in visit.sessions.of(person.sub)])
        visit.close()
        return View("done")
    visit.flow.has_password = visit.flow.has_password or is_first
    return None


def delete_account(visit: Visit, form: Form) -> View | None:
    """Delete the account with everything that is kept of the person."""
    if CANCEL in form:
        return _given_up(visit)
    person = _of(visit)
    visit.messages += end_sessions(visit.realm, visit.db, [one.sid for one in visit.sessions.of(person.sub)])
    visit.realm.people(visit.db).delete(person, IdentityEventKind.DELETED_BY_USER, visit.flow.sid)
    visit.close()
    return View("deleted")


def confirm_device(visit: Visit, form: Form) -> View | None:
    """Let the command line that shows the code log in as this person, or not."""
    if "accept" not in form:
        answer_device(visit.db, visit.flow.device or "", sid=None)
        visit.close()
        return View("device-refused")
    visit.flow.action_status = "success"
    return None


def show_action(visit: Visit, page: str) -> View:
    """The page of an action, with what it starts from."""
    person = _of(visit)
    values = {"firstName": person.given_name, "lastName": person.family_name, "email": person.email}
    return View(page, visit.flow, values)


def _given_up(visit: Visit) -> View | None:
    visit.flow.action_status = "cancelled"
    return None


def _of(visit: Visit) -> Person:
    person = visit.person()
    if person is None:
        raise LookupError("an action comes after the login")
    return person


ACTION_STEPS: Final = {
    "profile": change_names,
    "email": change_address,
    "password": change_password,
    "delete": delete_account,
    "device": confirm_device,
}
