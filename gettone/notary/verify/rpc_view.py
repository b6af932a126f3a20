"""The chain as one node shows it: settlements, payments, caps and models of the ledger that the verifier named."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gettone.errors import InputError, MissingInput, Unreachable
from gettone.notary.bundle import SettlementKey
from gettone.notary.keccak import topic
from gettone.notary.proposal import PROPOSAL_TUPLE, proposal_of_words
from gettone.notary.verify.abi import (
    WORD,
    address,
    bytes_of_hex,
    decode_text,
    encode_numbers,
    number,
    number_of_hex,
    words_of,
)
from gettone.notary.verify.chain_view import (
    CapChange,
    ChainScope,
    Credit,
    ModelVersion,
    Opening,
    Payment,
)
from gettone.notary.verify.rpc import Log, RpcNode

SETTLEMENT_OPENED = topic(f"SettlementOpened(uint32,uint32,bytes32,{PROPOSAL_TUPLE})")
CHUNK_PAID = topic("ChunkPaid(uint32,uint32,uint32,uint256,uint256)")
CAPS_SCHEDULED = topic("CapsScheduled(uint96,uint96,uint64)")
TRANSFER = topic("Transfer(address,address,uint256)")
CREDIT_SKIPPED = topic("CreditSkipped(address,uint256)")
FEE_CHARGED = topic("FeeCharged(address,address,uint256,uint256,uint8)")

_SETTLEMENT_WORDS = 13
_VERSION_WORDS = 32
_FEE_WORDS = 3
_ASSIGNMENT_FLOW = 2
_CITIZEN, _STAKEHOLDER = 1, 2
_NOBODY = bytes(WORD)


class RpcChainView:
    """`ChainView` over a node; nothing but genesis hash and ledger address is taken from outside it."""

    def __init__(self, node: RpcNode, genesis_hash: bytes, ledger: bytes) -> None:
        self._node = node
        self._genesis_hash = genesis_hash
        self._ledger = ledger

    def scope(self) -> ChainScope:
        """The deployment; MissingInput if the node is of another chain or has no ledger at the address."""
        genesis = bytes_of_hex(self._node.block(0).get("hash"))
        if genesis != self._genesis_hash:
            raise MissingInput(
                "genesis_mismatch",
                f"the node is of another chain: its first block is 0x{genesis.hex()}, not the one given",
            )
        code = bytes_of_hex(self._node.request("eth_getCode", "0x" + self._ledger.hex(), "latest"))
        if not code:
            raise MissingInput("contract_missing", f"the chain has no contract at 0x{self._ledger.hex()}")
        return ChainScope(
            number_of_hex(self._node.request("eth_chainId")),
            genesis,
            self._ledger,
            decode_text(self._node.call(self._ledger, "communityId()")),
            address(words_of(self._node.call(self._ledger, "token()"))[0]),
            address(words_of(self._node.call(self._ledger, "models()"))[0]),
        )

    def openings(self) -> Sequence[Opening]:
        """All settlements, in the order in which they were opened."""
        return [_opening(log) for log in self._node.logs(self._ledger, SETTLEMENT_OPENED)]

    def last_settlement_hash(self) -> bytes:
        """Struct hash of the last proposal."""
        return words_of(self._node.call(self._ledger, "lastSettlementHash()"))[0]

    def caps(self) -> Sequence[CapChange]:
        """Every change of the caps since the ledger was made."""
        changes = [words_of(log.data) for log in self._node.logs(self._ledger, CAPS_SCHEDULED)]
        return [CapChange(*(number(word) for word in words[:3])) for words in changes]

    def payment(self, key: SettlementKey) -> Payment:
        """State of a settlement, and its credits from the receipts of its chunks."""
        place = encode_numbers(*key)
        words = words_of(self._node.call(self._ledger, "settlement(uint32,uint32)", place))
        if len(words) != _SETTLEMENT_WORDS:
            raise Unreachable("rpc_answer", "the contract does not answer as a settlement ledger")
        token = address(words_of(self._node.call(self._ledger, "token()"))[0])
        chunks = self._node.logs(self._ledger, CHUNK_PAID, place[:WORD], place[WORD:])
        transactions = dict.fromkeys(log.transaction for log in chunks)
        own = tuple(credit for one in transactions for credit in self._credits(one, place, token))
        fees = self._fees_at(number(words[11]))
        return Payment(number(words[12]), number(words[5]), number(words[6]), number(words[11]), own, fees)

    def _fees_at(self, instant_s: int) -> Mapping[int, int]:
        """Assignment fees [bps] by member class; the past of a token policy never changes."""
        policy = address(words_of(self._node.call(self._ledger, "policy()"))[0])
        words = words_of(self._node.call(policy, "assignmentFeesAt(uint64)", encode_numbers(instant_s)))
        if len(words) != len((_CITIZEN, _STAKEHOLDER)):
            raise Unreachable("rpc_answer", "the contract does not answer as a token policy")
        return {_CITIZEN: number(words[0]), _STAKEHOLDER: number(words[1])}

    def _credits(self, transaction: bytes, place: bytes, token: bytes) -> list[Credit]:
        """The credits of one settlement in a transaction, which may pay several.

        The ledger writes ChunkPaid after the token has credited the chunk: what the token wrote since the
        ledger's event before belongs to this chunk.
        """
        found: list[Credit] = []
        since: list[Log] = []
        for log in self._node.receipt_logs(transaction):
            if log.contract == token:
                since.append(log)
            elif log.contract == self._ledger:
                if log.topics[:3] == (CHUNK_PAID, place[:WORD], place[WORD:]):
                    found += _credits_of(since)
                since = []
        return found

    def model(self, version: int) -> ModelVersion:
        """A version of RewardModels; its struct as nested tuples."""
        models = address(words_of(self._node.call(self._ledger, "models()"))[0])
        values = [
            number(word) for word in words_of(self._node.call(models, "version(uint32)", encode_numbers(version)))
        ]
        if len(values) != _VERSION_WORDS:
            raise Unreachable("rpc_answer", "the contract does not answer as reward models of this version")
        sharing, peaks, hours = tuple(values[10:14]), tuple(values[14:23]), tuple(values[23:31])
        parameters = (*values[3:5], bool(values[5]), *values[6:10], sharing, (*peaks, hours, values[31]))
        return ModelVersion(values[0], values[1], values[2], parameters)


def _opening(log: Log) -> Opening:
    try:
        proposal = proposal_of_words(words_of(log.data))
    except InputError as refusal:
        raise Unreachable("rpc_answer", f"the node shows a malformed event: {refusal.message}") from None
    place = encode_numbers(proposal.period_index, proposal.revision)
    if len(log.topics) != 4 or log.topics[1] + log.topics[2] != place:
        raise Unreachable("rpc_answer", "the node shows an event whose topics do not fit its data")
    return Opening(proposal, log.topics[3], log.transaction, log.block_number, log.block_hash)


def _credits_of(logs: Sequence[Log]) -> list[Credit]:
    """The credits of one chunk, each with the fee that the token charged on the way to its wallet."""
    fees = {address(log.topics[2]): number(words_of(log.data)[1]) for log in logs if _is_assignment_fee(log)}
    return [replace(one, fee_units=fees.get(one.wallet, 0)) for log in logs for one in _credit(log)]


def _is_assignment_fee(log: Log) -> bool:
    if len(log.topics) != 3 or log.topics[:2] != (FEE_CHARGED, _NOBODY):
        return False
    words = words_of(log.data)
    return len(words) == _FEE_WORDS and number(words[2]) == _ASSIGNMENT_FLOW


def _credit(log: Log) -> list[Credit]:
    if len(log.topics) == 3 and log.topics[:2] == (TRANSFER, _NOBODY):
        return [Credit(address(log.topics[2]), number(words_of(log.data)[0]), False, log.transaction)]
    if len(log.topics) == 2 and log.topics[0] == CREDIT_SKIPPED:
        return [Credit(address(log.topics[1]), number(words_of(log.data)[0]), True, log.transaction)]
    return []
