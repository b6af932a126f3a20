"""The hand-made calldata of a payment is that of the ABI encoder."""

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from gettone.chain.chunks import pay_calldata
from gettone.errors import InputError

pytestmark = pytest.mark.unit
TYPES = ["uint32", "uint32", "uint32", "bytes32[]", "bytes32[]"]


@pytest.mark.parametrize("payouts", [0, 1, 5])
@pytest.mark.parametrize("proof", [0, 1, 4])
def test_pay_calldata__any_lengths__is_what_the_encoder_makes(payouts: int, proof: int) -> None:
    words = [bytes([at + 1]) * 32 for at in range(payouts)]
    path = [bytes([100 + at]) * 32 for at in range(proof)]
    selector = keccak(text=f"pay({','.join(TYPES)})")[:4]
    assert pay_calldata(7, 1, 2**32 - 1, words, path) == selector + encode(TYPES, [7, 1, 2**32 - 1, words, path])


def test_pay_calldata__short_word__is_refused() -> None:
    with pytest.raises(InputError, match="32 bytes"):
        pay_calldata(0, 0, 0, [b"\x01" * 31], [])
