"""Steps of a login: each takes a form, and answers with the page again where something was wrong (F1, F6, F13)."""

from collections.abc import Mapping
from typing import Final

from gettone.identity.embedded.actions import ACTION_STEPS
from gettone.identity.embedded.flow import View, Visit
from gettone.identity.embedded.mails import send_reset
from gettone.identity.embedded.passwords import hashed_code, new_recovery_codes, new_totp_secret, totp_step
from gettone.identity.embedded.people import Person, is_address
from gettone.identity.provider import AddressTaken, IdentityEventKind

Form = Mapping[str, str]


def log_in(visit: Visit, form: Form) -> View | None:
    """Address and password; a person who is known already only gives the password."""
    known = visit.person()
    email = form.get("username", "") if known is None else known.email
    person = visit.realm.people(visit.db).checked(email, form.get("password", ""))
    if person is None:
        return View("login", visit.flow, _fixed(known, email), wrong="credentials")
    visit.flow.sub, visit.flow.has_password, visit.flow.must_log_in = person.sub, True, False
    return None


def register(visit: Visit, form: Form) -> View | None:
    """Address and names; the password is set behind the link of the mail."""
    email, given, family = (form.get(name, "").strip() for name in ("email", "firstName", "lastName"))
    values = {"email": email, "firstName": given, "lastName": family}
    if not is_address(email):
        return View("register", visit.flow, values, wrong="address")
    if not given or not family or len(given) > 100 or len(family) > 100:
        return View("register", visit.flow, values, wrong="name")
    people = visit.realm.people(visit.db)
    try:
        person = people.create(email, given, family)
    except AddressTaken:
        return View("register", visit.flow, values, wrong="taken")
    people.tell(IdentityEventKind.REGISTERED, person.sub)
    visit.flow.sub = person.sub
    return None


def one_time_code(visit: Visit, form: Form) -> View | None:
    """The code of the authenticator, each good once; or another way is chosen."""
    if "tryAnotherWay" in form:
        visit.flow.step = "ways"
        return View("ways", visit.flow)
    person = _required(visit)
    step = totp_step(person.totp_secret or "", form.get("otp", ""), visit.realm.now_s, person.totp_last_step)
    if step is None or visit.realm.now_s < person.locked_until_s:
        return _wrong_code(visit, person, "otp")
    person.totp_last_step, person.failures = step, 0
    visit.realm.people(visit.db).save(person)
    visit.flow.has_second_factor = True
    return None


def choose_way(visit: Visit, form: Form) -> View | None:
    """The authenticator or a recovery code."""
    visit.flow.step = "recovery" if form.get("authenticationExecution") == "recovery" else "otp"
    return View(visit.flow.step, visit.flow)


def recovery_code(visit: Visit, form: Form) -> View | None:
    """A recovery code in place of the authenticator's, each good once (F15)."""
    person = _required(visit)
    digest = hashed_code(form.get("recoveryCodeInput", ""))
    if digest not in person.recovery_codes or visit.realm.now_s < person.locked_until_s:
        return _wrong_code(visit, person, "recovery")
    person.recovery_codes.remove(digest)
    person.failures = 0
    visit.realm.people(visit.db).save(person)
    visit.flow.has_second_factor = True
    return None


def enrol(visit: Visit, form: Form) -> View | None:
    """The first code of a new authenticator, whose secret the page showed."""
    person, secret = _required(visit), visit.flow.values.get("totpSecret", "")
    step = totp_step(secret, form.get("totp", ""), visit.realm.now_s, 0)
    if not secret or step is None:
        return View("totp", visit.flow, {"totpSecret": secret}, wrong="code")
    codes = new_recovery_codes()
    person.totp_secret, person.totp_last_step = secret, step
    person.recovery_codes = [hashed_code(code) for code in codes]
    visit.realm.people(visit.db).save(person)
    visit.flow.has_second_factor = visit.flow.shows_codes = True
    visit.flow.values = {"codes": ",".join(codes)}
    if visit.flow.action == "CONFIGURE_TOTP":
        visit.flow.action_status = "success"
    return None


def keep_codes(visit: Visit, _form: Form) -> View | None:
    """The person has the recovery codes; they are not shown again."""
    visit.flow.shows_codes, visit.flow.values = False, {}
    if visit.flow.action == "CONFIGURE_RECOVERY_AUTHN_CODES":
        visit.flow.action_status = "success"
    return None


def ask_reset(visit: Visit, form: Form) -> View | None:
    """Mail a link for a new password; the answer is the same for an unknown address."""
    person = visit.realm.people(visit.db).by_email(form.get("username", ""))
    if person is not None and person.is_enabled:
        send_reset(visit.realm, visit.db, person)
    visit.flow.step = "login"
    return View("reset-sent", visit.flow)


def show_totp(visit: Visit) -> View:
    """The page for a new authenticator, with a secret that stays the same while it is open."""
    secret = visit.flow.values.setdefault("totpSecret", new_totp_secret())
    return View("totp", visit.flow, {"totpSecret": secret})


def show_login(visit: Visit) -> View:
    """The page for the password, with the address where it is known."""
    return View("login", visit.flow, _fixed(visit.person(), ""))


def _fixed(known: Person | None, email: str) -> dict[str, str]:
    return {"username": email} if known is None else {"known": known.email}


def _wrong_code(visit: Visit, person: Person, page: str) -> View:
    visit.realm.people(visit.db).count_failure(person, visit.realm.now_s)
    return View(page, visit.flow, wrong="code")


def _required(visit: Visit) -> Person:
    person = visit.person()
    if person is None:
        raise LookupError("this step comes after the password")
    return person


STEPS: Final = {
    "login": log_in,
    "register": register,
    "otp": one_time_code,
    "ways": choose_way,
    "recovery": recovery_code,
    "totp": enrol,
    "codes": keep_codes,
    "reset": ask_reset,
    **ACTION_STEPS,
}
