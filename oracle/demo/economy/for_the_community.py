"""Categories 6 to 8: the Treasury pays for what serves all; and what fills the Treasury (report §5.3.2)."""

from gettone.chain.agreement import Terms
from gettone.chain.categories import Kind
from gettone.chain.policy_values import CHECK_SOCIAL_VALUE, CHECK_SUSTAINABILITY
from oracle.demo.economy.acts import agree, check, deliver, terms_of
from oracle.demo.economy.rules import TOKEN_UNITS
from oracle.demo.economy.scene import Scene
from oracle.demo.economy.tale import Story, tell, text_hash

ISSUED_UNITS = 2_000 * TOKEN_UNITS
BOUGHT_CENTS = 2_500


def treasury_filled(scene: Scene) -> Story:
    """Before all: tokens are issued within the yearly budget, and welcome bonuses that were owed are paid."""

    def play() -> None:
        treasury = scene.contracts.treasury
        scene.send_as("token_admin", treasury.issue(ISSUED_UNITS))
        for person in scene.citizens:
            scene.send(person.wallet, treasury.claim_welcome_bonus(person.member_id))
        for business in scene.businesses.values():
            scene.join(business)

    words = (
        "The token admin issues 2,000 tokens to the Treasury, within the yearly budget.",
        "Citizens joined while the Treasury was empty: their welcome bonus of 20 stayed owed and is claimed now.",
        "Businesses join now and have their 50 at once.",
    )
    return tell(scene, "-", "The Treasury is filled", words, play)


def flower_bed(scene: Scene) -> Story:
    """Category 6: socially useful work of a citizen."""
    gardener = scene.citizens[10]
    title = "A citizen tends the public flower bed"

    def play() -> Terms:
        terms = terms_of(scene, title, 6, Kind.TIME_BANK, gardener, price_units=4 * TOKEN_UNITS, duration_minutes=120)
        agree(scene, terms, gardener, ())
        deliver(scene, terms, gardener)
        check(scene, terms, CHECK_SUSTAINABILITY | CHECK_SOCIAL_VALUE)
        return terms

    words = (
        f"{gardener.name} offers two hours, the community admin accepts, the Treasury puts 4 tokens into escrow.",
        "A verifier's positive check releases them; where the community pays there is no fee.",
    )
    return tell(scene, "6", title, words, play)


def energy_desk(scene: Scene) -> Story:
    """Category 7: a business serves the community."""
    association = scene.businesses["association"]
    title = "The association runs an energy desk"

    def play() -> Terms:
        terms = terms_of(scene, title, 7, Kind.SERVICE, association, price_units=12 * TOKEN_UNITS)
        agree(scene, terms, association, ())
        deliver(scene, terms, association)
        check(scene, terms, CHECK_SUSTAINABILITY)
        return terms

    return tell(scene, "7", title, ("12 tokens of the Treasury.",), play)


def tokens_bought(scene: Scene) -> Story:
    """Category 7: a business buys tokens with fiat at the published factor, each payment once."""
    shop = scene.businesses["bicycle shop"]

    def play() -> None:
        reference = text_hash("bank transfer 2016/1103, salted")
        scene.send_as("token_admin", scene.contracts.treasury.sell(shop.member_id, BOUGHT_CENTS, reference))

    words = ("25.00 euro at 0.01 tokens a cent; the payment's hashed reference can be used once.",)
    return tell(scene, "7, purchase", "The bicycle shop buys tokens", words, play)


def evening_in_the_hall(scene: Scene) -> Story:
    """Category 8: a citizen serves the community in a business's place; the Treasury pays both."""
    host, hall = scene.citizens[11], scene.businesses["association"]
    title = "A social evening in the hall of the association"

    def play() -> Terms:
        terms = terms_of(
            scene,
            title,
            8,
            Kind.SERVICE,
            host,
            structure=hall,
            price_units=5 * TOKEN_UNITS,
            compensation_units=2 * TOKEN_UNITS,
        )
        agree(scene, terms, host, (hall,))
        deliver(scene, terms, host)
        check(scene, terms, CHECK_SOCIAL_VALUE)
        return terms

    return tell(scene, "8", title, (f"5 tokens to {host.name}, 2 to the association for the hall.",), play)
