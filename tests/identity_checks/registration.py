"""F1 and F2: registration and confirmation of the address."""

from concurrent.futures import ThreadPoolExecutor

from tests.factories.form_browser import Browser, Landing, Page
from tests.factories.identity_world import PASSWORD, IdentityWorld, landed, shown


def registered(world: IdentityWorld, email: str, browser: Browser | None = None) -> Page | Landing:
    """What a person sees after sending the form of registration."""
    browser = browser or world.dapp.browser()
    page = shown(browser.open(world.dapp.auth_url(prompt="create")))
    return browser.submit(page, email=email, firstName="Bruno", lastName="Neri")


def confirmed(world: IdentityWorld, email: str, browser: Browser, password: str = PASSWORD) -> Page | Landing:
    """What follows the link of the mail and a first password."""
    page = shown(browser.open(world.mails.link_to(email)))
    return browser.submit(page, **{"password-new": password, "password-confirm": password})


class RegistrationChecks:
    def test_registration__form__has_no_password_before_the_address_is_confirmed(self, world: IdentityWorld) -> None:
        page = shown(world.dapp.browser().open(world.dapp.auth_url(prompt="create")))
        assert page.has_field("email", "firstName", "lastName")
        assert not page.has_field("password")

    def test_registration__new_person__is_stored_unconfirmed_with_the_role_member(self, world: IdentityWorld) -> None:
        email = world.new_email()
        shown(registered(world, email))
        (user,) = world.admin.users(email, first=0, limit=10)
        assert (user.email, user.given_name, user.email_verified) == (email, "Bruno", False)
        assert "member" in world.admin.roles_of(user.sub)

    def test_registration__link_and_password__log_in_with_a_confirmed_address(self, world: IdentityWorld) -> None:
        email, browser = world.new_email(), world.dapp.browser()
        registered(world, email, browser)
        claims = world.verifier().claims(world.dapp.redeem(confirmed(world, email, browser)).access)
        assert (claims.email, claims.email_verified, claims.given_name) == (email, True, "Bruno")

    def test_registration__link_used_twice__is_refused(self, world: IdentityWorld) -> None:
        email, browser = world.new_email(), world.dapp.browser()
        registered(world, email, browser)
        landed(confirmed(world, email, browser))
        again = world.dapp.browser().open(world.mails.link_to(email))
        assert isinstance(again, Page)
        assert not again.has_field("password-new")

    def test_registration__weak_password__is_refused_and_may_be_mended(self, world: IdentityWorld) -> None:
        email, browser = world.new_email(), world.dapp.browser()
        registered(world, email, browser)
        page = shown(confirmed(world, email, browser, "short"))
        assert landed(browser.submit(page, **{"password-new": PASSWORD, "password-confirm": PASSWORD}))["code"]

    def test_registration__address_taken__is_refused(self, world: IdentityWorld) -> None:
        person = world.person()
        assert shown(registered(world, person.email)).has_field("email")
        assert len(world.admin.users(person.email, first=0, limit=10)) == 1

    def test_registration__two_at_once__make_one_user(self, world: IdentityWorld) -> None:
        email = world.new_email()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: registered(world, email), range(2)))
        assert len(world.admin.users(email, first=0, limit=10)) == 1

    def test_registration__no_address__is_refused(self, world: IdentityWorld) -> None:
        assert shown(registered(world, "not-an-address")).has_field("email")

    def test_confirmation__mail_sent_again__has_a_link(self, world: IdentityWorld) -> None:
        email = world.new_email()
        registered(world, email)
        world.mails.link_to(email)
        (user,) = world.admin.users(email, first=0, limit=10)
        world.admin.send_verify_email(user.sub, "gettone-dapp", f"{world.dapp.base}/callback")
        assert world.mails.link_to(email, 2).startswith(world.issuer)

    def test_confirmation__forged_link__is_refused(self, world: IdentityWorld) -> None:
        email = world.new_email()
        registered(world, email)
        link = world.mails.link_to(email)
        page = world.dapp.browser().open(link.replace("key=", "key=x"))
        assert not shown(page).has_field("password-new")
        assert not world.admin.users(email, first=0, limit=10)[0].email_verified
