"""Authorized transfers and energy bonuses are checked before anything is signed or planned."""

import pytest
from eth_utils.crypto import keccak

from gettone.chain.authorization import NO_PERMIT, TransferAuthorization, sign_permit
from gettone.chain.energy_bonus import EnergyBonusEntry, EnergyProfile, plan_energy_bonus
from gettone.chain.typed_data import Domain
from gettone.errors import InputError
from gettone.notary.tree import leaf_hash, verify_path
from tests.factories.community import member_id_of, throwaway_account

pytestmark = pytest.mark.unit

ANN, BEN = throwaway_account("ann").address, throwaway_account("ben").address


@pytest.mark.parametrize(
    ("after_s", "before_s", "nonce"),
    [(0, 601, bytes(32)), (0, 1, bytes(32)), (5, 4, bytes(32)), (0, 600, bytes(31))],
)
def test_transfer_authorization__window_or_nonce_out_of_range__refused(
    after_s: int, before_s: int, nonce: bytes
) -> None:
    with pytest.raises(InputError) as refusal:
        TransferAuthorization(ANN, BEN, 1, after_s, before_s, nonce)
    assert refusal.value.code == "authorization"


def test_transfer_authorization__ten_minutes__arguments_in_the_order_of_the_erc() -> None:
    given = TransferAuthorization(ANN, BEN, 7, 100, 700, b"\x01" * 32)
    assert given.to_chain() == (ANN, BEN, 7, 100, 700, b"\x01" * 32)


def test_sign_permit__signed__three_parts_and_v_27_or_28() -> None:
    domain = Domain("Fontana token", 1981, "0x" + "11" * 20)
    permit = sign_permit(throwaway_account("ann"), domain, BEN, 5, 0, 99)
    assert permit.v in (27, 28)
    assert permit.to_chain() == (5, 99, permit.v, permit.r, permit.s)
    assert NO_PERMIT.deadline_s == 0


def test_plan_energy_bonus__three_members_by_two__ascending_and_provable() -> None:
    entries = [EnergyBonusEntry(member_id_of(number), EnergyProfile.PROSUMER_WITH_STORAGE) for number in range(3)]
    plan = plan_energy_bonus(entries, 2)
    ids = [one.member_id for chunk in plan.chunks for one in chunk]
    assert ids == sorted(ids)
    assert ([len(chunk) for chunk in plan.chunks], plan.entry_count) == ([2, 1], 3)
    last = b"gettone.energy" + (1).to_bytes(4, "big") + bytes.fromhex(ids[2]) + b"\x02"
    assert verify_path(leaf_hash(last), 1, 2, plan.proofs[1], plan.root)


@pytest.mark.parametrize("chunk_size", [0, 2])
def test_plan_energy_bonus__nobody_or_empty_chunks__refused(chunk_size: int) -> None:
    with pytest.raises(InputError) as refusal:
        plan_energy_bonus([], chunk_size)
    assert refusal.value.code == "energy_bonus"


def test_plan_energy_bonus__member_twice__refused_by_id() -> None:
    member = keccak(text="member").hex()
    with pytest.raises(InputError) as refusal:
        plan_energy_bonus([EnergyBonusEntry(member, profile) for profile in EnergyProfile], 9)
    assert member in refusal.value.message
