"""Every parser against broken payloads: no crash, no hang, no row lost in silence."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.format_fuzzing import break_content, cases, check_case

pytestmark = pytest.mark.unit

CASES = cases()
QUICK = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("name", CASES)
def test_read__valid_payload__has_rows(tmp_path: Path, name: str) -> None:
    assert check_case(CASES[name], CASES[name].content, tmp_path / "payload") == "rows"


@pytest.mark.parametrize("name", CASES)
@QUICK
@given(seed=st.integers(0, 2**32))
def test_read__broken_payload__is_read_or_refused_within_a_second(tmp_path: Path, name: str, seed: int) -> None:
    content = break_content(CASES[name].content, random.Random(seed))  # noqa: S311 - chance, not a secret
    started = time.monotonic()
    check_case(CASES[name], content, tmp_path / "payload")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", CASES)
@QUICK
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_read__any_bytes__are_read_or_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert check_case(CASES[name], content, tmp_path / "payload")
