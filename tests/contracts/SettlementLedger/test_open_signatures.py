"""open: the signatures that decide. Two of three oracles are required here."""

import pytest
from brownie import reverts
from people import address_number
from refusal import refused

OPEN = 1


@pytest.mark.parametrize("chosen", [(0, 1), (0, 2), (1, 2), (0, 1, 2)])
def test_open__any_two_or_more_oracles_ascending__suffice(ledger, desk, oracles, chosen):
    desk.open(desk.proposal(), [oracles[i] for i in chosen])
    assert ledger.nextPeriodIndex() == 1


@pytest.mark.parametrize("count", [0, 1])
def test_open__fewer_than_required__names_both_numbers(desk, oracles, count):
    with refused("SettlementLedgerTooFewSignatures", count, 2):
        desk.open(desk.proposal(), oracles[:count])


def test_open__same_oracle_twice__is_refused(desk, oracles):
    with refused("SettlementLedgerSignersNotAscending", oracles[0], oracles[0]):
        desk.open(desk.proposal(), [oracles[0], oracles[0]])


def test_open__descending_signers__are_refused(desk, oracles):
    with refused("SettlementLedgerSignersNotAscending", oracles[0], oracles[1]):
        desk.open(desk.proposal(), [oracles[1], oracles[0]])


def test_open__signature_of_a_stranger__names_the_signer(desk, oracles, outsider):
    signers = sorted([oracles[0], outsider], key=address_number)
    with refused("SettlementLedgerNotOracle", outsider):
        desk.open(desk.proposal(), signers)


def test_open__signature_of_the_oracle_admin__is_no_oracles(desk, oracles, oracle_admin):
    signers = sorted([oracles[0], oracle_admin], key=address_number)
    with refused("SettlementLedgerNotOracle", oracle_admin):
        desk.open(desk.proposal(), signers)


def test_open__third_signature_of_a_stranger__is_refused_though_two_suffice(desk, oracles, outsider):
    signers = sorted([oracles[0], oracles[1], outsider], key=address_number)
    with refused("SettlementLedgerNotOracle", outsider):
        desk.open(desk.proposal(), signers)


def test_open__revoked_oracle__counts_no_more(community, desk, oracles, community_admin):
    community.manager.revokeRole(5, oracles[1], {"from": community_admin})
    with refused("SettlementLedgerNotOracle", oracles[1]):
        desk.open(desk.proposal(), oracles[:2])


def test_open__oracle_with_an_execution_delay__counts_no_more(community, desk, oracles, community_admin):
    community.manager.grantRole(5, oracles[1], 60, {"from": community_admin})
    with refused("SettlementLedgerNotOracle", oracles[1]):
        desk.open(desk.proposal(), oracles[:2])


@pytest.mark.parametrize("field", ["total", "periodEnd", "leafCount", "ingestSize", "paramsDigest", "rosterRoot"])
def test_open__signatures_of_another_proposal__are_refused(desk, one_chunk, oracles, field):
    proposal = desk.proposal(one_chunk)
    value = proposal[field]
    other = proposal | {field: value - 1 if isinstance(value, int) else bytes(32)}
    with reverts(revert_pattern="SettlementLedger(NotOracle|SignersNotAscending): .*"):
        desk.open_with(other, desk.signatures(proposal))


def test_open__signature_cut_short__is_refused(desk):
    proposal = desk.proposal()
    first, second = desk.signatures(proposal)
    with refused("ECDSAInvalidSignatureLength", 64):
        desk.open_with(proposal, [first, second[:64]])


def test_open__signature_with_the_high_s__is_refused(desk):
    proposal = desk.proposal()
    first, second = desk.signatures(proposal)
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    high = (order - int.from_bytes(second[32:64], "big")).to_bytes(32, "big")
    malleable = second[:32] + high + bytes([55 - second[64]])
    with refused("ECDSAInvalidSignatureS", high):
        desk.open_with(proposal, [first, malleable])
