"""Column types: amounts of any size and ids of 32 bytes keep every digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from gettone.db.columns import Hex32, Units

pytestmark = pytest.mark.unit

DIALECT = sqlite.dialect()


@given(st.integers(-(2**256), 2**256))
def test_units__any_size_and_sign__comes_back(units: int) -> None:
    stored = Units().process_bind_param(units, DIALECT)
    assert stored == str(units)
    assert Units().process_result_value(stored, DIALECT) == units


def test_units__null__stays_null() -> None:
    assert Units().process_bind_param(None, DIALECT) is None
    assert Units().process_result_value(None, DIALECT) is None


@given(st.binary(min_size=32, max_size=32))
def test_hex32__64_digits__are_32_bytes(raw: bytes) -> None:
    assert Hex32().process_bind_param(raw.hex(), DIALECT) == raw
    assert Hex32().process_result_value(raw, DIALECT) == raw.hex()


@pytest.mark.parametrize("wrong", ["", "ab" * 31, "0x" + "ab" * 32, "zz" * 32])
def test_hex32__other_text__is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"hex|64"):
        Hex32().process_bind_param(wrong, DIALECT)
