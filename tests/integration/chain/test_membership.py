"""Freezing, leaving, and the two ways to replace a wallet, through the gateways."""

import pytest

from gettone.chain.answers import meaning_of_error
from gettone.chain.batches import Answer
from gettone.chain.consent import (
    AccountStatus,
    JoinConsent,
    LeaveNotice,
    MemberClass,
    Objection,
    ReplaceOrder,
    sign_join,
    sign_leave,
    sign_objection,
    sign_replace,
)
from gettone.chain.member_registry import MemberRegistry
from gettone.chain.refusals.community_token import CommunityTokenCannotSend
from gettone.chain.refusals.member_registry import (
    MemberRegistryFrozen,
    MemberRegistryReplacementTooEarly,
    MemberRegistryWalletRetired,
)
from gettone.errors import Conflict
from tests.factories.community import TestCommunity, fund_by_settlement, member_id_of, throwaway_account

pytestmark = pytest.mark.chain

ALICE, BOB = member_id_of(0), member_id_of(1)
NEW = throwaway_account("new wallet")


@pytest.fixture
def community(deployed_community: TestCommunity) -> TestCommunity:
    """Two citizens, the first one with 1,000 base units."""
    deployed_community.join_members(2)
    fund_by_settlement(deployed_community, {0: 1_000})
    return deployed_community


def place(community: TestCommunity) -> tuple[str, int]:
    return community.contracts.members.address, community.client.chain_id


def consent_of_new(community: TestCommunity) -> tuple[int, bytes]:
    """Deadline and signature with which the new wallet consents to be Alice's."""
    deadline_s = community.client.now_s() + 600
    nonce = community.contracts.members.nonces(NEW.address)
    consent = JoinConsent("fontana", ALICE, MemberClass.CITIZEN, nonce, deadline_s)
    return deadline_s, sign_join(NEW, *place(community), consent)


def propose(community: TestCommunity) -> None:
    deadline_s, consent = consent_of_new(community)
    call = community.contracts.members.propose_replacement(ALICE, NEW.address, deadline_s, consent)
    community.send("registrar", call)


def test_wallets_of__members_and_a_stranger__come_in_the_order_asked(community: TestCommunity) -> None:
    found = community.contracts.members.wallets_of([BOB, member_id_of(7), ALICE])
    assert found == [community.wallet(1).address, None, community.wallet(0).address]


def test_accounts_of__several_wallets__say_what_one_asked_alone_does(community: TestCommunity) -> None:
    token, wallets = community.contracts.token, [community.wallet(one).address for one in (1, 0, 7)]
    assert token.accounts_of(wallets) == [token.account_of(one) for one in wallets]


def test_accounts_of__block_before_a_freeze__says_what_was_then(community: TestCommunity) -> None:
    before, wallets = community.client.block_number(), [community.wallet(one).address for one in (0, 1)]
    community.send("community_admin", community.contracts.members.freeze(ALICE))
    found = community.contracts.token.accounts_of(wallets, block_identifier=before)
    assert [one.status for one in found] == [AccountStatus.ACTIVE, AccountStatus.ACTIVE]


def test_wallets_of__node_that_takes_no_batch__are_asked_one_by_one(
    community: TestCommunity, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Answer(None, meaning_of_error({"code": -32005, "message": "exceeds max batch size"}), "")
    monkeypatch.setattr("gettone.chain.client.ask_all", lambda _, questions: [refused] * len(questions))
    assert community.contracts.members.wallets_of([BOB, ALICE]) == [
        community.wallet(1).address,
        community.wallet(0).address,
    ]


def test_wallets_of__address_without_a_contract__is_refused(community: TestCommunity) -> None:
    nobody = MemberRegistry.at(community.client, NEW.address)
    with pytest.raises(Conflict, match="no MemberRegistry"):
        nobody.wallets_of([ALICE, BOB])


def test_leave__signed_and_carried_by_a_stranger__left_with_90_days_of_grace(community: TestCommunity) -> None:
    members, wallet = community.contracts.members, community.wallet(0)
    deadline_s = community.client.now_s() + 600
    notice = LeaveNotice("fontana", ALICE, members.nonces(wallet.address), deadline_s)
    community.send("stranger", members.leave(ALICE, deadline_s, sign_leave(wallet, *place(community), notice)))
    account = community.contracts.token.account_of(wallet.address)
    assert (account.status, account.balance_units) == (AccountStatus.LEFT, 1_000)
    grace = members.grace_of(wallet.address)
    assert grace is not None
    assert 0 <= 90 * 86_400 - grace.left_s < 60


def test_sweep__after_the_grace__balance_to_the_treasury(community: TestCommunity) -> None:
    members, wallet = community.contracts.members, community.wallet(0)
    community.send("member 0", members.leave(ALICE))
    community.chain.set_time(community.client.now_s() + 90 * 86_400 + 1)
    community.send("stranger", members.sweep(wallet.address))
    token = community.contracts.token
    assert token.balance_of(wallet.address) == 0
    assert token.balance_of(community.contracts.treasury.address) == 1_000


def test_replace_wallet__both_signed__balance_moves_and_the_old_one_is_retired(community: TestCommunity) -> None:
    members, old = community.contracts.members, community.wallet(0)
    deadline_s, consent = consent_of_new(community)
    order = ReplaceOrder("fontana", ALICE, NEW.address, members.nonces(old.address), deadline_s)
    signature = sign_replace(old, *place(community), order)
    community.send("stranger", members.replace_wallet(ALICE, NEW.address, deadline_s, signature, consent))
    assert members.wallet_of(ALICE) == NEW.address
    assert community.contracts.token.balance_of(NEW.address) == 1_000
    assert members.is_retired(old.address)
    with pytest.raises(MemberRegistryWalletRetired) as refusal:
        community.join(0)
    assert refusal.value.wallet == old.address


def test_propose_replacement__executed_by_anybody_only_after_the_delay(community: TestCommunity) -> None:
    members = community.contracts.members
    propose(community)
    pending = members.pending_replacement(ALICE)
    assert pending is not None
    assert pending.new_wallet == NEW.address
    with pytest.raises(MemberRegistryReplacementTooEarly) as refusal:
        community.send("stranger", members.execute_replacement(ALICE))
    assert refusal.value.executable_at == pending.executable_at_s
    community.chain.set_time(pending.executable_at_s)
    community.send("stranger", members.execute_replacement(ALICE))
    assert members.wallet_of(ALICE) == NEW.address


def test_object_to_replacement__signed_by_the_old_wallet__proposal_void(community: TestCommunity) -> None:
    members, old = community.contracts.members, community.wallet(0)
    propose(community)
    deadline_s = community.client.now_s() + 600
    objection = Objection("fontana", ALICE, NEW.address, members.nonces(old.address), deadline_s)
    signature = sign_objection(old, *place(community), objection)
    community.send("stranger", members.object_to_replacement(ALICE, deadline_s, signature))
    assert members.pending_replacement(ALICE) is None
    assert members.wallet_of(ALICE) == old.address


def test_freeze__frozen_member__cannot_send_and_not_object(community: TestCommunity) -> None:
    members, admin = community.contracts.members, throwaway_account("community_admin").address
    community.send("community_admin", members.freeze(ALICE))
    assert members.frozen_by(ALICE) == admin
    with pytest.raises(CommunityTokenCannotSend) as refusal:
        community.send("member 0", community.contracts.token.transfer(community.wallet(1).address, 1))
    assert refusal.value.status == AccountStatus.FROZEN
    propose(community)
    with pytest.raises(MemberRegistryFrozen) as frozen:
        community.send("member 0", members.object_to_replacement(ALICE))
    assert frozen.value.by == admin


def test_exclude__announced__window_public_and_member_left_after_the_notice(community: TestCommunity) -> None:
    members = community.contracts.members
    community.send("community_admin", members.announce_exclusion(BOB))
    pending = members.pending_exclusion(BOB)
    assert pending is not None
    community.chain.set_time(pending.from_s)
    community.send("community_admin", members.exclude(BOB))
    account = community.contracts.token.account_of(community.wallet(1).address)
    assert account.status is AccountStatus.LEFT
    assert members.pending_exclusion(BOB) is None
