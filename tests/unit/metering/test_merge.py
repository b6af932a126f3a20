"""Values of a batch against what is stored: counted once, and nothing overwritten without a version."""

import pytest

from gettone.metering.merge import BatchStamp, Stored, merge
from gettone.metering.versions import CurrentReading, NewVersion
from tests.factories.received import RECEIPT_S, SLOT, Row, judge

pytestmark = pytest.mark.unit


def test_merge__values_of_an_empty_database__are_all_new_or_missing() -> None:
    validated = judge(Row("5"), Row(None, at_s=900), Row("7", at_s=1800), Row("8", at_s=1800))
    merged = merge(validated, Stored({}, {}, set(), {}), BatchStamp(1, RECEIPT_S * 1000, b"a"))
    assert (merged.new, merged.missing, len(merged.added)) == (1, 1, 2)
    assert [(one.wh, one.state) for one in merged.versions] == [(7, "conflict"), (8, "conflict")]


def test_merge__replaced_value__is_kept_with_its_own_version() -> None:
    stored = Stored({(1, SLOT): CurrentReading(5, 1, 10, 3, 1)}, {(1, SLOT): 2}, set(), {1: BatchStamp(1, 0, b"a")})
    merged = merge(judge(Row("6")), stored, BatchStamp(2, 1, b"b"))
    assert [(one.wh, one.quality, one.version, one.batch_id) for one in merged.replaced] == [(6, 3, 4, 2)]
    assert merged.versions == [NewVersion(1, SLOT, 3, 5, 1, 10, 1, "superseded")]
