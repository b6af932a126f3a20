"""F13 and F15: levels, step-up, recovery codes, and a forgotten password."""

import time

from gettone.identity.sync import end_sessions_before, identity_news
from tests.factories.form_browser import Landing, Page
from tests.factories.identity_world import PASSWORD, IdentityWorld, Person, action_page, landed, shown
from tests.identity_checks.login import ended_sessions

NEW_PASSWORD = "altra-lunga-2027!"


def fresh_level_2(world: IdentityWorld, person: Person) -> Page:
    """The page for the second factor, after a login in a new browser."""
    person.browser = world.dapp.browser(world.auditor)
    page = shown(person.browser.open(world.dapp.auth_url(acr_values="2")))
    return shown(person.browser.submit(page, username=person.email, password=PASSWORD))


class SecondFactorChecks:
    def test_level__password_alone__is_one(self, world: IdentityWorld) -> None:
        assert world.verifier().claims(world.login(world.person()).access).acr == 1

    def test_level__enrolment__is_two_with_recovery_codes(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        _, codes, tokens = world.enrol(person)
        assert world.verifier().claims(tokens.access).acr == 2
        assert len(set(codes)) == 12

    def test_level__two_asked_for__asks_for_the_second_factor(self, world: IdentityWorld) -> None:
        person = world.person()
        authenticator, _, _ = world.enrol(person)
        page = fresh_level_2(world, person)
        tokens = world.dapp.redeem(person.browser.submit(page, otp=authenticator.code()))
        assert world.verifier().claims(tokens.access).acr == 2

    def test_level__step_up_of_a_session__asks_for_the_second_factor_alone(self, world: IdentityWorld) -> None:
        person = world.person()
        authenticator, _, _ = world.enrol(person)
        person.browser = world.dapp.browser(world.auditor)
        first = world.login(person)
        page = shown(person.browser.open(world.dapp.auth_url(acr_values="2")))
        assert not page.has_field("password")
        tokens = world.dapp.redeem(person.browser.submit(page, otp=authenticator.code()))
        assert (first.claims["acr"], tokens.claims["acr"]) == ("1", "2")
        assert tokens.claims["sid"] == first.claims["sid"]

    def test_level__reload_without_a_page__is_kept(self, world: IdentityWorld) -> None:
        person = world.person()
        world.enrol(person)
        again = world.dapp.redeem(person.browser.open(world.dapp.auth_url(prompt="none")))
        assert world.verifier().claims(again.access).acr == 2

    def test_level__refreshed_token__keeps_it(self, world: IdentityWorld) -> None:
        person = world.person()
        _, _, tokens = world.enrol(person)
        assert world.verifier().claims(world.dapp.refresh(tokens).access).acr == 2

    def test_step_up__to_level_two_again__asks_for_both(self, world: IdentityWorld) -> None:
        person = world.person()
        authenticator, _, _ = world.enrol(person)
        page = shown(person.browser.open(world.dapp.auth_url(acr_values="2", prompt="login", max_age="0")))
        page = shown(person.browser.submit(page, password=PASSWORD))
        assert landed(person.browser.submit(page, otp=authenticator.code()))["code"]

    def test_level__wrong_code__is_refused(self, world: IdentityWorld) -> None:
        person = world.person()
        world.enrol(person)
        page = fresh_level_2(world, person)
        assert shown(person.browser.submit(page, otp="000000")).has_field("otp")

    def test_level__code_used_twice__is_refused(self, world: IdentityWorld) -> None:
        person = world.person()
        authenticator, _, _ = world.enrol(person)
        code = authenticator.code()
        page = fresh_level_2(world, person)
        landed(person.browser.submit(page, otp=code))
        page = fresh_level_2(world, person)
        assert shown(person.browser.submit(page, otp=code)).has_field("otp")

    def test_step_up__login_again__renews_the_time_of_authentication(self, world: IdentityWorld) -> None:
        person = world.person()
        first = world.login(person)
        time.sleep(1.1)
        page = shown(person.browser.open(world.dapp.auth_url(prompt="login", max_age="0")))
        again = world.dapp.redeem(person.browser.submit(page, password=PASSWORD))
        assert again.claims["auth_time"] > first.claims["auth_time"]

    def test_step_up__old_authentication__is_asked_for_the_password(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        time.sleep(2.1)
        assert shown(person.browser.open(world.dapp.auth_url(max_age="1"))).has_field("password")

    def test_enrolment__wrong_code__changes_nothing(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        page = shown(person.browser.open(world.dapp.auth_url(acr_values="2")))
        assert shown(person.browser.submit(page, totp="000000", userLabel="phone")).has_field("totpSecret")

    def test_enrolment__started_from_the_application__returns_to_it(self, world: IdentityWorld) -> None:
        person = world.person()
        world.login(person)
        page = action_page(world, person, "CONFIGURE_TOTP")
        assert page.has_field("totpSecret", "totp")


def by_recovery_code(world: IdentityWorld, person: Person, codes: list[str], number: int) -> Page | Landing:
    """What follows a recovery code, chosen in place of the authenticator."""
    page = fresh_level_2(world, person)
    page = shown(person.browser.submit(page, tryAnotherWay="on"))
    # The ways are listed in the order of the flow: the authenticator, then the codes.
    ways = [form.fields["authenticationExecution"] for form in page.forms if "authenticationExecution" in form.fields]
    page = shown(person.browser.submit(page, authenticationExecution=ways[-1]))
    assert page.has_field("recoveryCodeInput")
    return person.browser.submit(page, recoveryCodeInput=codes[number])


class RecoveryChecks:
    def test_recovery_code__in_place_of_the_authenticator__gives_level_two(self, world: IdentityWorld) -> None:
        person = world.person()
        _, codes, _ = world.enrol(person)
        tokens = world.dapp.redeem(by_recovery_code(world, person, codes, 0))
        assert tokens.claims["acr"] == "2"

    def test_recovery_code__used_twice__is_refused(self, world: IdentityWorld) -> None:
        person = world.person()
        _, codes, _ = world.enrol(person)
        landed(by_recovery_code(world, person, codes, 0))
        assert isinstance(by_recovery_code(world, person, codes, 0), Page)

    def test_second_factor__removed_by_the_administration__is_enrolled_again(self, world: IdentityWorld) -> None:
        person = world.person()
        world.enrol(person)
        world.admin.remove_second_factors(person.sub)
        assert fresh_level_2(world, person).has_field("totpSecret")

    def test_password__forgotten__is_replaced_through_the_mail(self, world: IdentityWorld) -> None:
        person = world.person()
        answer = reset_password(world, person)
        assert isinstance(answer, Page | Landing)
        browser = world.dapp.browser()
        page = shown(browser.open(world.dapp.auth_url()))
        page = shown(browser.submit(page, username=person.email, password=PASSWORD))
        assert landed(browser.submit(page, username=person.email, password=NEW_PASSWORD))["code"]

    def test_password__replaced_through_the_mail__ends_all_sessions(self, world: IdentityWorld) -> None:
        person, begun_ms = world.person(), time.time_ns() // 1_000_000
        tokens = world.login(person)
        reset_password(world, person)
        for event in identity_news(world.admin, begun_ms, ()).events:
            if event.sub == person.sub:
                end_sessions_before(world.admin, event)
        assert world.dapp.refresh(tokens).body["error"] == "invalid_grant"
        assert ended_sessions(world, tokens.claims["sid"])

    def test_password__replaced_through_the_mail__replaces_no_second_factor(self, world: IdentityWorld) -> None:
        person = world.person()
        world.enrol(person)
        reset_password(world, person)
        browser = world.dapp.browser()
        page = shown(browser.open(world.dapp.auth_url(acr_values="2")))
        page = shown(browser.submit(page, username=person.email, password=NEW_PASSWORD))
        assert page.has_field("otp")

    def test_password__reset_of_an_unknown_address__says_the_same(self, world: IdentityWorld) -> None:
        known, unknown = world.person(), world.person()
        world.admin.delete_user(unknown.sub)
        assert asked_reset(world, known).text == asked_reset(world, unknown).text
        assert world.mails.texts_to(unknown.email) == []


def asked_reset(world: IdentityWorld, person: Person) -> Page:
    """The page after asking for a mail to set a new password."""
    browser = world.dapp.browser()
    page = shown(browser.open(world.dapp.auth_url()))
    link = next(link for link in page.links if "reset-credentials" in link)
    return shown(browser.submit(shown(browser.open(_absolute(page, link))), username=person.email))


def reset_password(world: IdentityWorld, person: Person) -> Page | Landing:
    """Set a new password through the mail, in a browser of its own."""
    asked_reset(world, person)
    browser = world.dapp.browser()
    page = shown(browser.open(world.mails.link_to(person.email)))
    return browser.submit(page, **{"password-new": NEW_PASSWORD, "password-confirm": NEW_PASSWORD})


def _absolute(page: Page, link: str) -> str:
    return link if link.startswith("http") else "/".join(page.url.split("/")[:3]) + link
