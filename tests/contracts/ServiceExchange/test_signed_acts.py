"""Acts that a member signs and anybody carries: the right wallet, act, terms, community, chain, once and in time."""

import clock
import deployment
import pytest
from membership import CITIZEN, member_id
from refusal import refused
from ServiceExchange.conftest import TOKEN
from services import ACCEPTED, NOTHING, Counter, terms_of
from typed_data import CHAIN_ID, sign_join


@pytest.fixture
def lesson(alice, bob):
    """Alice gives bob a lesson for 10 tokens."""
    return terms_of(1, alice, bob, price=10 * TOKEN)


@pytest.fixture
def proposed(counter, lesson, alice):
    counter.propose(lesson, alice)
    return lesson


def test_signed__whole_way__is_carried_by_a_stranger(counter, lesson, gained, alice, bob):
    counter.propose(lesson, alice, signature=counter.sign("propose", lesson, alice))
    counter.accept(lesson, bob, signature=counter.sign("accept", lesson, bob))
    counter.deliver(lesson, alice, signature=counter.sign("deliver", lesson, alice))
    counter.confirm(lesson, bob, signature=counter.sign("confirm", lesson, bob))
    assert gained(alice, bob) == [95 * TOKEN // 10, -10 * TOKEN]


def test_signed__used__counts_the_nonce(counter, exchange, proposed, bob):
    counter.accept(proposed, bob, signature=counter.sign("accept", proposed, bob))
    assert exchange.nonces(bob) == 1


def test_signed__replayed__is_refused(counter, proposed, alice, bob):
    signature = counter.sign("accept", proposed, bob)
    counter.accept(proposed, bob, signature=signature)
    counter.cancel(proposed, bob)
    counter.cancel(proposed, alice)
    again = proposed | {"salt": b"\x01" * 32}
    counter.propose(again, alice)
    with refused("ServiceExchangeAuthorizationInvalid", bob, 1):
        counter.accept(again, bob, signature=signature)


def test_sent__by_another_wallet_without_signature__names_both(counter, exchange, proposed, bob, dora):
    with refused("ServiceExchangeWrongSender", member_id(bob), dora, bob):
        exchange.cancel(tuple(proposed.values()), (member_id(bob), 0, b""), {"from": dora})


def test_signed__by_another_wallet__is_refused(counter, proposed, bob, carol):
    signature = counter.sign("accept", proposed, carol, member=member_id(bob), nonce=0)
    with refused("ServiceExchangeAuthorizationInvalid", bob, 0):
        counter.accept(proposed, bob, signature=signature)


@pytest.mark.parametrize(
    "falsified",
    [{"nonce": 1}, {"deadline": 2**40}, {"detail": b"\x01" * 32}, {"chain_id": CHAIN_ID + 1}, {"member": NOTHING}],
    ids=lambda one: next(iter(one)),
)
def test_signed__something_else__is_refused(counter, proposed, bob, falsified):
    with refused("ServiceExchangeAuthorizationInvalid", bob, 0):
        counter.accept(proposed, bob, signature=counter.sign("accept", proposed, bob, **falsified))


@pytest.mark.parametrize("act", ["propose", "cancel", "deliver", "confirm", "dispute", "feedback", "Accept", ""])
def test_signed__another_act__is_refused(counter, proposed, bob, act):
    with refused("ServiceExchangeAuthorizationInvalid", bob, 0):
        counter.accept(proposed, bob, signature=counter.sign(act, proposed, bob))


@pytest.mark.parametrize("field", ["priceUnits", "deadline", "salt", "contentHash", "payers"])
def test_signed__other_terms__is_refused(counter, proposed, bob, carol, field):
    value = proposed[field]
    other = [member_id(carol)] if field == "payers" else value + 1 if isinstance(value, int) else b"\x02" * 32
    with refused("ServiceExchangeAuthorizationInvalid", bob, 0):
        counter.accept(proposed, bob, signature=counter.sign("accept", proposed | {field: other}, bob))


def test_signed__for_the_exchange_of_another_community__is_refused(
    project, community, counter, proposed, deployer, bob, outsider
):
    parts = {name: getattr(community, name) for name in ("token", "members", "policy", "treasury")}
    beside = deployment.deploy_exchange(project, community.manager, deployer, **parts)
    signature = Counter(beside, community.token, outsider).sign("accept", proposed, bob)
    with refused("ServiceExchangeAuthorizationInvalid", bob, 0):
        counter.accept(proposed, bob, signature=signature)


def test_signed__cut_short__is_refused(counter, proposed, bob):
    with refused("ServiceExchangeAuthorizationInvalid", bob, 0):
        counter.accept(proposed, bob, signature=counter.sign("accept", proposed, bob)[:64])


def test_signed__after_its_deadline__names_both_times(counter, exchange, proposed, bob):
    until = clock.now_s() + 60
    signature = counter.sign("accept", proposed, bob, deadline=until)
    clock.next_block_at(until + 1)
    with refused("ServiceExchangeAuthorizationExpired", until, until + 1):
        exchange.accept(
            tuple(proposed.values()), (member_id(bob), until, signature), (0, 0, 0, NOTHING, NOTHING), {"from": bob}
        )


def test_signed__refused__uses_no_nonce(counter, exchange, proposed, bob):
    with refused("ServiceExchangeAuthorizationInvalid", bob, 0):
        counter.accept(proposed, bob, signature=bytes(65))
    assert exchange.nonces(bob) == 0


def test_signed__by_a_replaced_wallet__is_refused(members, counter, proposed, bob, outsider):
    """The agreement names the member: from the replacement on the new wallet acts, and only that."""
    signature = counter.sign("accept", proposed, bob)
    deadline = clock.now_s() + clock.DAY_S
    consent = sign_join(outsider, members, member_id(bob), CITIZEN, 0, deadline)
    members.replaceWallet(member_id(bob), outsider, deadline, b"", consent, {"from": bob})
    with refused("ServiceExchangeAuthorizationInvalid", outsider, 0):
        counter.accept(proposed, bob, signature=signature)


# --------------------------------------------------------------------------------------------- CONTRACT WALLETS


@pytest.fixture
def contract_member(members, registrar, contract_wallet, outsider):
    """A citizen whose wallet accepts what `outsider` signs."""
    deadline = clock.now_s() + clock.DAY_S
    consent = sign_join(outsider, members, member_id(contract_wallet), CITIZEN, 0, deadline)
    members.join(member_id(contract_wallet), contract_wallet, CITIZEN, deadline, consent, {"from": registrar})
    return contract_wallet


@pytest.fixture
def offer(counter, contract_member, alice):
    """Alice offers the contract wallet's member something for nothing."""
    terms = terms_of(1, alice, contract_member, price=0)
    counter.propose(terms, alice)
    return terms


def test_signed__contract_wallet_accepts__consents(counter, offer, contract_member, outsider):
    signature = counter.sign("accept", offer, outsider, member=member_id(contract_member), nonce=0)
    counter.accept(offer, contract_member, signature=signature)
    assert counter.state(offer) == ACCEPTED


def test_signed__contract_wallet_does_not_accept__is_refused(counter, offer, contract_member, bob):
    signature = counter.sign("accept", offer, bob, member=member_id(contract_member), nonce=0)
    with refused("ServiceExchangeAuthorizationInvalid", contract_member, 0):
        counter.accept(offer, contract_member, signature=signature)


class Mischief:
    """A citizen whose wallet accepts everything, and calls the exchange back while it is asked."""

    def __init__(self, wallet, counter, owner) -> None:
        self.wallet, self.counter, self.owner = wallet, counter, {"from": owner}

    def calls_back(self, function: str, terms: dict) -> None:
        """From now on it tries this act for itself, without a signature, whenever it is asked."""
        arguments = (tuple(terms.values()), (member_id(self.wallet), 0, b""))
        call = getattr(self.counter.exchange, function).encode_input(*arguments)
        self.wallet.prepare(self.counter.exchange, call, self.owner)


@pytest.fixture
def mischief(members, token, exchange, registrar, reentering_wallet, counter, outsider):
    """It has the welcome bonus of 20 tokens and lets the exchange take all of them."""
    deadline = clock.now_s() + clock.DAY_S
    members.join(member_id(reentering_wallet), reentering_wallet, 1, deadline, b"any", {"from": registrar})
    reentering_wallet.act(token, token.approve.encode_input(exchange, 2**256 - 1), {"from": outsider})
    return Mischief(reentering_wallet, counter, outsider)


def test_cancel__wallet_that_calls_back__is_refunded_once(token, counter, mischief, held, alice):
    terms = terms_of(1, alice, mischief.wallet, price=10 * TOKEN)
    counter.propose(terms, mischief.wallet, signature=b"any")
    mischief.calls_back("cancel", terms)
    counter.cancel(terms, mischief.wallet, signature=b"any")
    assert (token.balanceOf(mischief.wallet), held()) == (20 * TOKEN, 0)


def test_confirm__wallet_that_calls_back__pays_the_provider_once(counter, mischief, held, gained, alice):
    terms = terms_of(1, alice, mischief.wallet, price=10 * TOKEN)
    counter.propose(terms, alice)
    counter.accept(terms, mischief.wallet, signature=b"any")
    counter.deliver(terms, alice)
    mischief.calls_back("confirm", terms)
    counter.confirm(terms, mischief.wallet, signature=b"any")
    assert (gained(alice), held()) == ([95 * TOKEN // 10], 0)
