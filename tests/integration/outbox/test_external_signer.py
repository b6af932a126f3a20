"""A key at an external signer: exact bytes are asked for, and what comes back is proven before it is used."""

from collections.abc import Iterator

import pytest
import rlp
from eth_utils.crypto import keccak

from gettone.chain.client import ChainClient
from gettone.chain.proposal import proposal_signer, sign_proposal, signable_proposal
from gettone.chain.signer import LocalSigner
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.transactions import Sender
from gettone.chain.web3signer import addresses_at, open_web3signer
from gettone.errors import CheckFailed, InputError, MissingInput, Unreachable
from tests.factories.counting_contract import CALL_GAS, HASTY, counts, effects, slot_of
from tests.factories.stub_signer import StubSigner, stub_signer
from tests.unit.chain.test_proposal import LEDGER, PROPOSAL

pytestmark = pytest.mark.chain

SECRET = keccak(text="throw-away key at the signer")
ADDRESS = LocalSigner(SECRET).address
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture
def stub() -> Iterator[StubSigner]:
    with stub_signer(keccak(text="another throw-away key"), SECRET) as running:
        yield running


def test_send__key_at_a_signer__signs_the_bytes_of_the_transaction_and_is_mined(
    stub: StubSigner, shared_client: ChainClient, counter: str
) -> None:
    signer = open_web3signer(stub.url, ADDRESS)
    nonce = shared_client.nonce(ADDRESS)
    Sender(shared_client, signer, MemoryTransactionStore(), HASTY).send_all(effects(counter, ["signed elsewhere"]))
    assert counts(shared_client, counter, ["signed elsewhere"]) == [1]
    ((path, body),) = stub.asked
    assert path == f"/api/v1/eth1/sign/{list(stub.keys)[1]}"
    to, data = bytes.fromhex(counter.removeprefix("0x")), slot_of("signed elsewhere")
    assert body == {"data": "0x" + rlp.encode([nonce, 0, CALL_GAS, to, 0, data, 1981, 0, 0]).hex()}


def test_sign_proposal__key_at_a_signer__signs_the_typed_data_of_the_proposal(stub: StubSigner) -> None:
    signature = sign_proposal(open_web3signer(stub.url, ADDRESS), LEDGER, 1981, PROPOSAL)
    assert proposal_signer(signature, LEDGER, 1981, PROPOSAL) == ADDRESS
    statement = signable_proposal(LEDGER, 1981, PROPOSAL)
    assert stub.asked[0][1] == {"data": "0x" + (b"\x19\x01" + statement.header + statement.body).hex()}


def upper_s(signature: bytes) -> bytes:
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([27 + 28 - signature[64]])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("64 bytes", lambda signature: signature[:64]),
        ("v of a transaction", lambda signature: signature[:64] + b"\x9d"),
        ("v of 0", lambda signature: signature[:64] + bytes([signature[64] - 27])),
        ("upper s", upper_s),
        ("another key's", lambda signature: signature[:64] + bytes([27 + 28 - signature[64]])),
        ("zero", lambda signature: bytes(64) + signature[64:]),
        ("nothing", lambda signature: b""),
    ],
)
def test_send__signature_in_a_wrong_form__refused_and_nothing_stored(
    stub: StubSigner, shared_client: ChainClient, counter: str, name: str, change: object
) -> None:
    stub.change = change  # type: ignore[assignment]
    store, signer = MemoryTransactionStore(), open_web3signer(stub.url, ADDRESS)
    nonce = shared_client.nonce(ADDRESS)
    with pytest.raises(CheckFailed) as refusal:
        Sender(shared_client, signer, store, HASTY).send_all(effects(counter, [name]))
    assert refusal.value.code == "signature_invalid"
    found = store.find(f"count/{name}")
    assert found is not None
    assert (found.nonce, found.raw) == (None, None)
    assert shared_client.nonce(ADDRESS) == nonce


def test_open_web3signer__key_is_not_there__named(stub: StubSigner) -> None:
    with pytest.raises(MissingInput) as refusal:
        open_web3signer(stub.url, "0x" + "11" * 20)
    assert refusal.value.code == "signer_key"


def test_sign__signer_lost_the_key__named(stub: StubSigner) -> None:
    signer = open_web3signer(stub.url, ADDRESS)
    stub.keys.clear()
    with pytest.raises(MissingInput) as refusal:
        signer.sign(b"\x01")
    assert refusal.value.code == "signer_key"


def test_sign__signer_fails__unreachable(stub: StubSigner) -> None:
    signer = open_web3signer(stub.url, ADDRESS)
    stub.status = 500
    with pytest.raises(Unreachable) as refusal:
        signer.sign(b"\x01")
    assert refusal.value.code == "signer_unreachable"


def test_addresses_at__two_keys__both_in_their_order(stub: StubSigner) -> None:
    assert addresses_at(stub.url + "/") == [LocalSigner(keccak(text="another throw-away key")).address, ADDRESS]


def test_addresses_at__nobody_there__unreachable() -> None:
    with pytest.raises(Unreachable) as refusal:
        addresses_at("http://127.0.0.1:9")
    assert refusal.value.code == "signer_unreachable"


def test_addresses_at__no_address_of_a_server__refused() -> None:
    with pytest.raises(InputError) as refusal:
        addresses_at("signer")
    assert refusal.value.code == "signer_url"
