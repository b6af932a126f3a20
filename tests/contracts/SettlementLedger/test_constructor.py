"""What is fixed for ever when a ledger is deployed, and the lengths of its kinds of period."""

from hashlib import sha256

import clock
import deployment
import pytest
from proposals import Desk, month
from refusal import refused
from typed_data import CHAIN_ID

HOUR_S = clock.HOUR_S
LENGTHS_H = {0: (23, 25), 1: (167, 169), 2: (671, 745)}


def expected_deployment_id(ledger) -> bytes:
    community = deployment.COMMUNITY_ID.encode()
    return sha256(
        b"lecn.dep"
        + CHAIN_ID.to_bytes(8, "big")
        + deployment.GENESIS_HASH
        + bytes.fromhex(ledger.address[2:])
        + len(community).to_bytes(2, "big")
        + community
    ).digest()


@pytest.fixture
def ledger_of(project, community, deployer):
    """Function: another ledger over the same token and models, with changes of its configuration."""
    return lambda **changes: deployment.deploy_ledger(
        project, community.manager, community.token, community.models, community.policy, deployer, **changes
    )


def test_deployment_id__of_the_ledger__is_the_specified_digest(ledger):
    assert bytes(ledger.deploymentId()) == expected_deployment_id(ledger)


def test_deployment_id__of_a_second_ledger__is_another(ledger, ledger_of):
    assert ledger_of().deploymentId() != ledger.deploymentId()


def test_deployment_id__of_another_genesis__is_another(ledger_of):
    other = ledger_of(genesisHash=bytes(32))
    assert bytes(other.deploymentId()) != expected_deployment_id(other)


def test_ledger__new__has_no_settlement(ledger):
    assert (ledger.nextPeriodIndex(), ledger.lastPeriodEnd()) == (0, 0)
    assert bytes(ledger.lastSettlementHash()) == bytes(32)


def test_ledger__new__names_its_set(ledger, community):
    assert (ledger.token(), ledger.models(), ledger.policy(), ledger.communityId()) == (
        community.token,
        community.models,
        community.policy,
        deployment.COMMUNITY_ID,
    )


def test_eip712_domain__of_the_ledger__names_itself_chain_and_contract(ledger):
    _, name, version, chain_id, contract, _, _ = ledger.eip712Domain()
    assert (name, version, chain_id, contract) == ("SettlementLedger", "1", CHAIN_ID, ledger.address)


@pytest.mark.parametrize(
    ("changes", "name", "given", "low", "high"),
    [
        ({"periodKind": 3}, "periodKind", 3, 0, 2),
        ({"minNotice": HOUR_S - 1}, "minNotice", HOUR_S - 1, HOUR_S, 2**64 - 1),
        ({"requiredSignatures": 0}, "requiredSignatures", 0, 1, 255),
    ],
    ids=["periodKind", "minNotice", "requiredSignatures"],
)
def test_constructor__argument_out_of_range__names_it(ledger_of, changes, name, given, low, high):
    with refused("SettlementLedgerOutOfRange", name, given, low, high):
        ledger_of(**changes)


@pytest.mark.parametrize(("kind", "hours"), [(kind, hours) for kind, bounds in LENGTHS_H.items() for hours in bounds])
def test_open__length_at_the_bound_of_its_kind__is_accepted(ledger_of, oracles, outsider, kind, hours):
    other = ledger_of(periodKind=kind)
    start = month(0)[0]
    clock.move_to(month(1)[1])
    desk = Desk(other, oracles, outsider)
    desk.open(desk.proposal(periodEnd=start + hours * HOUR_S))
    assert other.lastPeriodEnd() == start + hours * HOUR_S


@pytest.mark.parametrize(
    ("kind", "length_s"),
    [(kind, length_s) for kind, (low, high) in LENGTHS_H.items() for length_s in (low * HOUR_S - 1, high * HOUR_S + 1)],
)
def test_open__length_outside_its_kind__names_the_range(ledger_of, oracles, outsider, kind, length_s):
    other = ledger_of(periodKind=kind)
    start = month(0)[0]
    clock.move_to(month(1)[1])
    low, high = (hours * HOUR_S for hours in LENGTHS_H[kind])
    desk = Desk(other, oracles, outsider)
    with refused("SettlementLedgerWrongLength", length_s, low, high):
        desk.open(desk.proposal(periodEnd=start + length_s))


@pytest.mark.parametrize("length_s", [0, -HOUR_S])
def test_open__end_not_after_start__has_length_zero(desk, length_s):
    start = month(0)[0]
    low, high = (hours * HOUR_S for hours in LENGTHS_H[2])
    with refused("SettlementLedgerWrongLength", 0, low, high):
        desk.open(desk.proposal(periodEnd=start + length_s))
