"""The acts of an agreement in the order in which they happen when nobody quarrels."""

from typing import Any

from gettone.chain.agreement import Terms
from gettone.chain.categories import CATEGORIES, Kind
from oracle.demo.economy.scene import Person, Scene
from oracle.demo.economy.tale import WEEK_S, text_hash

LOAN_S = 4 * WEEK_S


def terms_of(
    scene: Scene,
    title: str,
    category: int,
    kind: Kind,
    provider: Person,
    payers: tuple[Person, ...] = (),
    *,
    price_units: int,
    structure: Person | None = None,
    **parts: Any,
) -> Terms:
    """Terms to be delivered within a week; payers are put in the order the exchange wants."""
    deadline_s = scene.client.now_s() + WEEK_S
    return Terms(
        category=category,
        kind=kind,
        provider=provider.member_id,
        payers=tuple(sorted(payer.member_id for payer in payers)),
        price_units=price_units,
        deadline_s=deadline_s,
        content_hash=text_hash(title),
        salt=text_hash(f"salt of {title}"),
        structure=None if structure is None else structure.member_id,
        return_by_s=deadline_s + LOAN_S if kind is Kind.LOAN else 0,
        **parts,
    )


def agree(scene: Scene, terms: Terms, proposer: Person, others: tuple[Person, ...]) -> None:
    """One proposes, the others accept; who pays adds a permit, and the community admin speaks for the community."""
    exchange = scene.contracts.exchange
    scene.send(proposer.wallet, exchange.propose(terms, proposer.act, scene.permit(proposer, terms)))
    for other in others:
        scene.send(other.wallet, exchange.accept(terms, other.act, scene.permit(other, terms)))
    if CATEGORIES[terms.category].is_paid_by_community:
        scene.send_as("community_admin", exchange.accept_for_community(terms))


def deliver(scene: Scene, terms: Terms, provider: Person) -> None:
    """The provider says that it is done."""
    scene.send(provider.wallet, scene.contracts.exchange.deliver(terms, provider.act))


def check(scene: Scene, terms: Terms, checks: int) -> None:
    """The verifier records sustainability and social value; where the community pays, this is its confirmation."""
    scene.send_as("verifier", scene.contracts.exchange.record_check(terms, checks))


def confirm(scene: Scene, terms: Terms, payers: tuple[Person, ...]) -> None:
    """Each payer says that it was done."""
    for payer in payers:
        scene.send(payer.wallet, scene.contracts.exchange.confirm(terms, payer.act))


def rate(scene: Scene, terms: Terms, person: Person, stars: int, words: str) -> None:
    """A party rates the agreement, 1 to 5; the words stay off chain."""
    call = scene.contracts.exchange.give_feedback(terms, stars, text_hash(words), person.act)
    scene.send(person.wallet, call)
