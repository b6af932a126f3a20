"""Requests and attestations that are refused, each by a sentence of its own, before anything is stored."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest

from gettone.chain.client import connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.proposal import sign_proposal
from gettone.db.repositories.attestations import Attestations
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.keys import Keys
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict, GettoneError, Held
from oracle.attestation.acceptance import accept_attestation
from oracle.attestation.asking import ask_attestation
from oracle.attestation.attest import AttestationDiffers, attest
from oracle.attestation.recomputation import recompute
from oracle.attestation.request import AttestationRequest, Place
from oracle.attestation.statement import Statement
from oracle.settle.job import run_settlement
from oracle.settle.periods import find_period
from tests.factories.community import CHAIN_START_S, member_id_of, throwaway_account
from tests.factories.database_copies import DatabaseCopies
from tests.factories.operators import make_operators
from tests.factories.village import COMMUNITY, FIRST_DAY, Village

pytestmark = [pytest.mark.chain, pytest.mark.slow]

OTHER_CONTRACT = 2


@dataclass
class Scene:
    """A proposal of the first operator with its own signature; the third has another contract of one member."""

    first: Village
    second: Village
    third: Village
    request: AttestationRequest

    @property
    def good(self) -> Statement:
        """An attestation that counts."""
        return self.signed_by("second_oracle")

    def signed_by(self, name: str) -> Statement:
        """A statement that a key signed properly, whoever it is."""
        key = throwaway_account(name)
        place, proposal = self.request.place, self.request.proposal
        signature = sign_proposal(key, place.ledger, place.chain_id, proposal)
        return Statement(place, proposal.period_index, 0, proposal.struct_hash(), key.address, signature)

    def signers(self, village: Village) -> set[str]:
        """Who has signed in the database of an operator."""
        with village.database.read() as connection:
            community = Communities(connection).get(COMMUNITY)
            rows = Settlements(connection).of_community(community.community_id)
            return {one.signer for row in rows for one in Attestations(connection).of(row.settlement_id)}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, databases: DatabaseCopies) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("refused")
    with ExitStack() as stack:
        chain = stack.enter_context(LocalChain.start(folder / "chain", timestamp_s=CHAIN_START_S))
        client = connect(chain.rpc_url, CHAIN_ID)
        first, second, third = make_operators(stack, chain, client, databases, folder, "sqlite")
        for one in (first, second, third):
            one.import_day(FIRST_DAY)
        give_another_contract(third)
        with pytest.raises(Held):
            run_settlement(first.context(), COMMUNITY, FIRST_DAY)
        yield Scene(first, second, third, ask_attestation(first.context(), COMMUNITY, FIRST_DAY))


def give_another_contract(village: Village) -> None:
    with village.database.write() as connection:
        devices = Devices(connection, village.vault)
        device = devices.get_or_create(f"meter{OTHER_CONTRACT}")
        (held,) = devices.contracts([device.device_id])
        devices.set_contract(replace(held, contract_w=4500))


def elsewhere(place: Place) -> Place:
    return replace(place, genesis_hash=bytes(32))


Change = Callable[[Scene], Statement]
STATEMENTS: dict[str, tuple[str, Change]] = {
    "other network": ("attestation_foreign", lambda one: replace(one.good, place=elsewhere(one.good.place))),
    "other ledger": (
        "attestation_foreign",
        lambda one: replace(one.good, place=replace(one.good.place, ledger=throwaway_account("x").address)),
    ),
    "other proposal": ("attestation_of_another", lambda one: replace(one.good, proposal_hash=bytes(32))),
    "period without proposal": ("not_proposed", lambda one: replace(one.good, period_index=7)),
    "signature of somebody else": (
        "attestation_signature",
        lambda one: replace(one.good, signature=one.signed_by("third_oracle").signature),
    ),
    "no signature": ("attestation_signature", lambda one: replace(one.good, signature=b"\x01" * 65)),
    "unknown key": ("oracle_role", lambda one: one.signed_by("a stranger")),
    "key of another role": ("oracle_role", lambda one: one.signed_by("registrar")),
    "operator that signed already": ("attestation_twice", lambda one: one.signed_by("oracle")),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_accept__attestation_that_does_not_count__is_refused_and_not_stored(scene: Scene, name: str) -> None:
    code, change = STATEMENTS[name]
    with pytest.raises(GettoneError) as refusal:
        accept_attestation(scene.first.context(), change(scene))
    assert (refusal.value.code, scene.signers(scene.first)) == (code, {throwaway_account("oracle").address})


REQUESTS: dict[str, tuple[str, Callable[[AttestationRequest], AttestationRequest]]] = {
    "other network": ("attestation_foreign", lambda one: replace(one, place=elsewhere(one.place))),
    "other clock": ("timezone_differs", lambda one: replace(one, timezone="UTC")),
    "not the next settlement": (
        "proposal_stale",
        lambda one: replace(one, proposal=replace(one.proposal, previous_settlement=b"\x07" * 32)),
    ),
    "larger total": (
        "attestation_differs",
        lambda one: replace(one, proposal=replace(one.proposal, total_units=one.proposal.total_units + 1)),
    ),
    "other payouts": (
        "attestation_differs",
        lambda one: replace(one, proposal=replace(one.proposal, payouts_root=b"\x07" * 32)),
    ),
    "log that shrank": (
        "attestation_differs",
        lambda one: replace(one, proposal=replace(one.proposal, ingest_size=0, ingest_root=b"\x07" * 32)),
    ),
    "chunks above what a block takes": ("attestation_differs", lambda one: replace(one, chunk_size=10**6)),
    "model of another time": (
        "attestation_differs",
        lambda one: replace(one, proposal=replace(one.proposal, model_version=9)),
    ),
    "gate report that says more than there is": (
        "attestation_differs",
        lambda one: replace(one, gate_report_json=one.gate_report_json.replace('"1000"', '"999"')),
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_attest__request_that_cannot_be_signed__is_refused_and_nothing_is_kept(scene: Scene, name: str) -> None:
    code, change = REQUESTS[name]
    with pytest.raises(GettoneError) as refusal:
        attest(scene.second.context(), change(scene.request))
    assert (refusal.value.code, scene.signers(scene.second)) == (code, set())


def test_attest__key_without_the_role__is_refused(scene: Scene) -> None:
    stranger = replace(scene.second.context(), oracles=(throwaway_account("a stranger"),))
    with pytest.raises(GettoneError) as refusal:
        attest(stranger, scene.request)
    assert refusal.value.code == "oracle_role"


def test_recompute__database_with_salts_of_its_own__is_refused(scene: Scene) -> None:
    third = scene.third.context()
    key = find_period(third.database, third.contracts, COMMUNITY, FIRST_DAY)
    with third.database.write() as connection:
        Keys(connection, third.vault).community_key(key.community.community_id, 2016)
        with pytest.raises(Conflict) as refusal:
            recompute(third, connection, key, scene.request)
        connection.rollback()
    assert refusal.value.code == "salts_differ"


def test_attest__registry_with_another_contract__names_the_member(scene: Scene) -> None:
    with pytest.raises(AttestationDiffers) as refusal:
        attest(scene.third.context(), scene.request)
    named = {(one.what, one.member_id) for one in refusal.value.differences if one.member_id}
    assert named == {("devices and contracts", member_id_of(OTHER_CONTRACT))}


def test_attest__operator_that_proposed_another_one__is_refused(scene: Scene) -> None:
    changed = replace(scene.request, proposal=replace(scene.request.proposal, total_units=1))
    with pytest.raises(GettoneError) as refusal:
        attest(scene.first.context(), changed)
    assert refusal.value.code == "attested_otherwise"
