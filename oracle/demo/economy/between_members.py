"""Categories 1 to 5: members serve members, and pay with tokens (contracts.md §9, report §5.3.2)."""

from dataclasses import dataclass

from gettone.chain.agreement import Terms
from gettone.chain.categories import Kind
from gettone.chain.energy_bonus import EnergyBonusEntry, EnergyProfile, plan_energy_bonus
from gettone.chain.policy_values import CHECK_SOCIAL_VALUE, CHECK_SUSTAINABILITY
from oracle.demo.economy.acts import agree, check, confirm, deliver, rate, terms_of
from oracle.demo.economy.rules import TOKEN_UNITS
from oracle.demo.economy.scene import Person, Scene
from oracle.demo.economy.tale import Story, tell

GSE_PERIOD = 201_610
COURSE = slice(3, 7)


def hours_of_help(scene: Scene) -> Story:
    """Category 1, time bank: three hours at the rate of the community."""
    helper, pupil = scene.citizens[0], scene.citizens[1]
    title = "Three hours of mathematics"

    def play() -> Terms:
        terms = terms_of(
            scene, title, 1, Kind.TIME_BANK, helper, (pupil,), price_units=6 * TOKEN_UNITS, duration_minutes=180
        )
        agree(scene, terms, helper, (pupil,))
        deliver(scene, terms, helper)
        check(scene, terms, CHECK_SOCIAL_VALUE)
        confirm(scene, terms, (pupil,))
        rate(scene, terms, pupil, 5, "Patient and clear.")
        return terms

    words = (
        f"{helper.name} offers, {pupil.name} accepts: 180 minutes at 2 tokens an hour, 6 tokens in escrow.",
        f"A verifier finds social value; {pupil.name} confirms and gives five stars.",
        "Fee 1 % of 6. Incentive 1 + 10 % of 6 = 1.6 tokens, 600 permille to the provider.",
    )
    return tell(scene, "1", title, words, play)


def drill_lent(scene: Scene) -> Story:
    """Category 1, loan: a deposit waits for the return."""
    lender, borrower = scene.citizens[2], scene.citizens[3]
    title = "A drill lent for a week"

    def play() -> Terms:
        terms = terms_of(
            scene, title, 1, Kind.LOAN, lender, (borrower,), price_units=TOKEN_UNITS, deposit_units=5 * TOKEN_UNITS
        )
        agree(scene, terms, borrower, (lender,))
        deliver(scene, terms, lender)
        confirm(scene, terms, (borrower,))
        exchange = scene.contracts.exchange
        scene.send(borrower.wallet, exchange.declare_return(terms, borrower.act))
        scene.send(lender.wallet, exchange.confirm_return(terms, lender.act))
        return terms

    words = (
        f"{borrower.name} asks, {lender.name} accepts: 1 token, and 5 as a deposit.",
        "The price is released when the drill is handed over, the deposit when it is back.",
    )
    return tell(scene, "1", title, words, play)


def language_course(scene: Scene) -> Story:
    """Category 2: four citizens share the price of a course in the hall of an association."""
    teacher, pupils, hall = scene.citizens[2], scene.citizens[COURSE], scene.businesses["association"]
    title = "A language course for four in the hall of the association"

    def play() -> Terms:
        terms = terms_of(
            scene,
            title,
            2,
            Kind.SERVICE,
            teacher,
            pupils,
            structure=hall,
            price_units=8 * TOKEN_UNITS,
            compensation_units=2 * TOKEN_UNITS,
        )
        agree(scene, terms, teacher, (*pupils, hall))
        deliver(scene, terms, teacher)
        check(scene, terms, CHECK_SUSTAINABILITY | CHECK_SOCIAL_VALUE)
        confirm(scene, terms, pupils)
        return terms

    words = (
        f"{teacher.name} teaches {', '.join(pupil.name for pupil in pupils)}: 8 tokens, and 2 for the hall.",
        "Each of the four puts 2.5 tokens into escrow; all four confirm.",
        "Fees 1 % of 8 and 2 % of 2. Incentive 20 % of 8 = 1.6 tokens, half of it shared by the four.",
    )
    return tell(scene, "2", title, words, play)


@dataclass(frozen=True, slots=True)
class Trade:
    """One provides, one pays, nothing else: the plainest agreement; `asked` if the payer proposes it."""

    provider: Person
    payer: Person
    price_units: int
    kind: Kind = Kind.SERVICE
    asked: bool = False

    def tell(self, scene: Scene, category: str, title: str, words: tuple[str, ...]) -> Story:
        """Proposed, accepted, delivered, confirmed; `category` begins with its number."""

        def play() -> Terms:
            number, payers = int(category[0]), (self.payer,)
            terms = terms_of(scene, title, number, self.kind, self.provider, payers, price_units=self.price_units)
            proposer, other = (self.payer, self.provider) if self.asked else (self.provider, self.payer)
            agree(scene, terms, proposer, (other,))
            deliver(scene, terms, self.provider)
            confirm(scene, terms, payers)
            return terms

        return tell(scene, category, title, words, play)


def lesson_at_school(scene: Scene) -> Story:
    """Category 3: a citizen pays a business with tokens."""
    school, pupil = scene.businesses["language school"], scene.citizens[7]
    words = (f"{pupil.name} pays the {school.name} 5 tokens; fee 2 %.",)
    trade = Trade(school, pupil, 5 * TOKEN_UNITS, asked=True)
    return trade.tell(scene, "3", "An English lesson at the language school", words)


def bicycle_bought(scene: Scene) -> Story:
    """Category 3, new goods: the price is paid outside in euro, the reseller gives tokens."""
    shop, buyer = scene.businesses["bicycle shop"], scene.citizens[8]
    words = (f"{buyer.name} pays the bicycle in euro; the {shop.name} gives 4 tokens, less 2 %.",)
    trade = Trade(shop, buyer, 4 * TOKEN_UNITS, Kind.NEW_GOODS)
    return trade.tell(scene, "3, new goods", "A new bicycle, with a premium in tokens", words)


def energy_bonus(scene: Scene) -> Story:
    """Category 3, energy manager: a bonus by profile beside the euro of the GSE, once per period."""
    profiles = (EnergyProfile.CONSUMER, EnergyProfile.PROSUMER, EnergyProfile.PROSUMER_WITH_STORAGE)

    def play() -> None:
        treasury = scene.contracts.treasury
        entries = [
            EnergyBonusEntry(person.member_id, profile)
            for person, profile in zip(scene.citizens, profiles, strict=False)
        ]
        plan = plan_energy_bonus(entries, chunk_size=2)
        opening = treasury.open_energy_bonus(GSE_PERIOD, plan.root, len(plan.chunks), plan.entry_count)
        scene.send_as("token_admin", opening)
        for chunk, (content, proof) in enumerate(zip(plan.chunks, plan.proofs, strict=True)):
            scene.send(scene.citizens[0].wallet, treasury.pay_energy_bonus(GSE_PERIOD, chunk, content, proof))

    words = (
        "A consumer, a prosumer and a prosumer with storage: 1, 2 and 3 tokens for the period 2016-10.",
        "The chunks of the run are pushed by a member: anybody may.",
    )
    return tell(scene, "3, energy manager", "The energy bonus of October", words, play)


def bakery_cleaned(scene: Scene) -> Story:
    """Category 4: one business serves another."""
    trade = Trade(scene.businesses["cleaning firm"], scene.businesses["bakery"], 10 * TOKEN_UNITS)
    return trade.tell(scene, "4", "The bakery has its shop cleaned", ("10 tokens, fee 5 %.",))


def oven_repaired(scene: Scene) -> Story:
    """Category 5: a citizen serves a business."""
    mender, bakery = scene.citizens[9], scene.businesses["bakery"]
    words = (f"The bakery asks, {mender.name} accepts: 6 tokens, fee 2 %.", "Incentive 1 token, all to the provider.")
    trade = Trade(mender, bakery, 6 * TOKEN_UNITS, asked=True)
    return trade.tell(scene, "5", "A citizen repairs the oven of the bakery", words)
