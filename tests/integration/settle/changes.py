"""What may change on chain while a settlement runs: fees, and the wallet of a member."""

from gettone.chain.consent import JoinConsent, MemberClass, ReplaceOrder, sign_join, sign_replace
from gettone.chain.policy_values import Fees
from gettone.chain.signer import Signer
from tests.factories.community import TestCommunity, member_id_of, throwaway_account
from tests.factories.village import Village

NOTICE_S = 3_600


def schedule_fees(village: Village, citizen_bps: int, stakeholder_bps: int = 0) -> int:
    """Schedule assignment fees as soon as the notice allows; returns the moment they apply from [unix s]."""
    chain = village.on_chain
    valid_from_s = chain.client.now_s() + NOTICE_S + 100
    fees = Fees(assignment_to_citizen_bps=citizen_bps, assignment_to_stakeholder_bps=stakeholder_bps)
    call = chain.contracts.policy.schedule_fees(fees, valid_from_s)
    chain.sender("token_admin").send(call, f"fees/{valid_from_s}")
    return valid_from_s


def move_clock(village: Village, instant_s: int) -> None:
    """Mine a block at an instant."""
    village.on_chain.chain.set_time(instant_s)


def change_fees(village: Village, citizen_bps: int, stakeholder_bps: int = 0) -> None:
    """Schedule assignment fees and wait until they apply."""
    move_clock(village, schedule_fees(village, citizen_bps, stakeholder_bps) + 1)


def replace_wallet(community: TestCommunity, number: int, member_class: MemberClass = MemberClass.CITIZEN) -> Signer:
    """Give member `number` a new wallet, with the consent of both; returns the new one."""
    member_id, registry = member_id_of(number), community.contracts.members
    old, new = community.members[member_id], throwaway_account(f"new wallet of member {number}")
    place = (registry.address, community.client.chain_id)
    deadline_s = community.client.now_s() + 600
    order = ReplaceOrder(community.spec.community_id, member_id, new.address, registry.nonces(old.address), deadline_s)
    consent = JoinConsent(
        community.spec.community_id, member_id, member_class, registry.nonces(new.address), deadline_s
    )
    signatures = (sign_replace(old, *place, order), sign_join(new, *place, consent))
    call = registry.replace_wallet(member_id, new.address, deadline_s, *signatures)
    community.sender("registrar").send(call, f"replace/{member_id}/{order.nonce}")
    community.members[member_id] = new
    return new
