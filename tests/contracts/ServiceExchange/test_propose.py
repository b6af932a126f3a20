"""propose: any party, terms that fit their category, and the share of who proposes into escrow."""

import clock
import pytest
from membership import member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN, provider_of
from services import NEW_GOODS, PROPOSED, states

LONGEST_S = 730 * clock.DAY_S
KINDS = {1: (0, 1, 2, 3), 2: (0, 1), 3: (0, 4), 4: (0, 2, 3), 5: (0,), 6: (0, 1), 7: (0,), 8: (0, 1)}


@pytest.mark.parametrize(("category", "kind"), [(one, kind) for one, kinds in KINDS.items() for kind in kinds])
def test_propose__every_kind_of_every_category__is_proposed(counter, lawful, alice, shop, category, kind):
    terms = lawful(category, kind)
    counter.propose(terms, provider_of(terms, alice, shop))
    assert counter.state(terms) == PROPOSED


@pytest.mark.parametrize(
    ("category", "kind"),
    [(one, kind) for one, kinds in KINDS.items() for kind in (*range(6), 255) if kind not in kinds],
)
def test_propose__kind_that_the_category_has_not__names_those_it_has(counter, lawful, alice, shop, category, kind):
    terms = lawful(category) | {"kind": kind}
    with refused("ServiceExchangeKindNotAllowed", category, kind, states(*KINDS[category])):
        counter.propose(terms, provider_of(terms, alice, shop))


@pytest.mark.parametrize("category", [0, 9, 255])
def test_propose__category_that_does_not_exist__is_refused(counter, lawful, alice, category):
    with refused("ServiceExchangeCategoryOutOfRange", category, 1, 8):
        counter.propose(lawful(1) | {"category": category}, alice)


def test_propose__by_the_provider__moves_nothing(counter, lawful, held, alice):
    counter.propose(lawful(1), alice)
    assert held() == 0


def test_propose__by_the_payer__puts_the_price_into_escrow(counter, lawful, held, gained, bob):
    counter.propose(lawful(1), bob)
    assert (held(), gained(bob)) == (10 * TOKEN, [-10 * TOKEN])


def test_propose__by_one_of_two_payers__puts_its_share_into_escrow(counter, lawful, held, bob):
    counter.propose(lawful(2), bob)
    assert held() == 5 * TOKEN


def test_propose__by_the_owner_of_the_structure__moves_nothing(counter, lawful, held, hall):
    terms = lawful(2)
    counter.propose(terms, hall)
    assert (counter.state(terms), held()) == (PROPOSED, 0)


def test_propose__new_goods_by_the_reseller__puts_the_premium_into_escrow(counter, lawful, held, shop):
    counter.propose(lawful(3, NEW_GOODS), shop)
    assert held() == 10 * TOKEN


def test_propose__new_goods_by_the_buyer__moves_nothing(counter, lawful, held, bob):
    counter.propose(lawful(3, NEW_GOODS), bob)
    assert held() == 0


def test_propose__accepted__publishes_the_terms_under_their_typed_hash(counter, lawful, alice):
    terms = lawful(2)
    event = counter.propose(terms, alice).events["AgreementProposed"]
    assert bytes(event["agreementId"]) == counter.id_of(terms)
    assert bytes(event["proposer"]) == member_id(alice)
    assert event["terms"][5] == 10 * TOKEN


def test_propose__accepted__is_remembered_in_one_word(counter, exchange, lawful, alice):
    terms = lawful(2)
    receipt = counter.propose(terms, alice)
    found = exchange.agreement(counter.id_of(terms))
    assert (found["state"], found["proposer"], found["consents"]) == (PROPOSED, 32, 1 << 32)
    assert (found["stamp"], found["acceptedAt"], found["marks"]) == (receipt.timestamp, 0, 0)


def test_agreement_id__of_terms__is_the_typed_hash(counter, exchange, lawful):
    terms = lawful(2)
    assert bytes(exchange.agreementId(tuple(terms.values()))) == counter.id_of(terms)


def test_propose__same_terms_again__names_the_state(counter, lawful, alice):
    terms = lawful(1)
    counter.propose(terms, alice)
    with refused("ServiceExchangeWrongState", counter.id_of(terms), PROPOSED, states(0)):
        counter.propose(terms, alice)


def test_propose__same_terms_with_another_salt__is_another_agreement(counter, lawful, alice):
    first, second = lawful(1), lawful(1, salt=b"\x01" * 32)
    counter.propose(first, alice)
    counter.propose(second, alice)
    assert (counter.state(first), counter.state(second)) == (PROPOSED, PROPOSED)
