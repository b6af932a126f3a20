"""Canonical JSON of the reward documents."""

import math
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gettone.errors import InputError
from gettone.rewards.document import canonical_document, digest_hex

pytestmark = pytest.mark.unit

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=20,
)


@given(VALUES)
def test_canonical__any_json_value__equals_the_published_implementation(value: Any) -> None:
    assert canonical_document(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("number", "text"),
    [(2**53, b"9007199254740992"), (2**53 + 1, b'"9007199254740993"'), (-(2**53) - 1, b'"-9007199254740993"')],
)
def test_canonical__integers_around_2_to_53__larger_ones_are_strings(number: int, text: bytes) -> None:
    assert canonical_document(number) == text


@pytest.mark.parametrize("value", [1.5, math.inf, {1, 2}, b"x"])
def test_canonical__no_place_in_a_document__is_refused(value: Any) -> None:
    with pytest.raises(InputError, match="canonical JSON cannot hold"):
        canonical_document({"a": value})


def test_digest__of_equal_content__ignores_the_order_of_names() -> None:
    assert digest_hex({"a": 1, "b": 2}) == digest_hex({"b": 2, "a": 1}) != digest_hex({"a": 1, "b": 3})
