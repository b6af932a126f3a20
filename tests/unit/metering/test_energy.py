"""Rule V4: units, multipliers, signs and powers to whole Wh, exactly, with one rounding."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Unit
from gettone.types import Quality
from tests.factories.received import Row, judge, tuples_of, wh_of

pytestmark = pytest.mark.unit

KWH = FlowConfig(unit="kWh")


def one_wh(text: str, flow: FlowConfig = KWH, **row: object) -> int:
    found = judge(Row(text, device="hour", interval_s=3600, **({"unit": Unit.KWH} | row)), flow=flow)  # type: ignore[arg-type]
    both = [*wh_of(found), *found.held.values.wh.tolist()]
    assert len(both) == 1, found.rejected
    return int(both[0])


@pytest.mark.parametrize(("kwh", "wh"), [("0.187", 187), ("2.2758", 2276), ("0.85116667", 851), ("1.0004069e-07", 0)])
def test_validate__vector_4_1__is_exact_kwh(kwh: str, wh: int) -> None:
    assert one_wh(kwh) == wh


@pytest.mark.parametrize(("kwh", "wh"), [("0.0005", 0), ("0.0015", 2), ("0.0025", 2), ("-0.0015", -2)])
def test_validate__vector_4_2__rounds_half_to_even(kwh: str, wh: int) -> None:
    assert one_wh(kwh) == wh


def test_validate__vector_4_3__adds_before_it_rounds() -> None:
    rows = [Row("0.0005", at_s=300 * part, interval_s=300, unit=Unit.KWH) for part in range(3)]
    assert wh_of(judge(*rows, flow=KWH)) == [2]


@pytest.mark.parametrize(("watt", "wh"), [("748.6", 187), ("750", 188), ("746", 186)])
def test_validate__vector_4_4__mean_power_of_a_quarter(watt: str, wh: int) -> None:
    flow = FlowConfig(kind="power_mean", unit="W")
    assert wh_of(judge(Row(watt, unit=Unit.W), flow=flow)) == [wh]


def test_validate__power_of_parts__is_divided_once() -> None:
    flow = FlowConfig(kind="power_mean", unit="kW")
    rows = [Row("0.502", at_s=300 * part, interval_s=300, unit=Unit.KW) for part in range(3)]
    assert wh_of(judge(*rows, flow=flow)) == [126]


def test_validate__sampled_power__is_an_estimate_of_rank_5() -> None:
    result = judge(Row("748", unit=Unit.W), flow=FlowConfig(source_class=3, kind="power_sample", unit="W"))
    assert tuples_of(result.accepted) == [(1, 0, 187, Quality.ESTIMATED, 5)]
    assert result.codes == {Code.U_SAMPLE: 1}


@pytest.mark.parametrize(
    ("unit", "text", "wh"),
    [(Unit.WH, "1.5", 2), (Unit.KWH, "12", 12_000), (Unit.MWH, "0.0045", 4_500), (Unit.MWH, "0.0000005", 0)],
)
def test_validate__unit_of_the_row__counts(unit: Unit, text: str, wh: int) -> None:
    assert one_wh(text, unit=unit) == wh


def test_validate__multiplier__is_applied_or_ignored_as_the_flow_says() -> None:
    assert one_wh("0.0125", FlowConfig(k_factor="apply"), k="20") == 250
    assert one_wh("0.0125", FlowConfig(k_factor="apply"), k="0.04") == 0
    assert one_wh("0.0125", FlowConfig(k_factor="already_applied"), k="20") == 12
    assert one_wh("0.0125", FlowConfig(), k="1.000") == 12


def test_validate__multiplier_beyond_18_digits__is_refused() -> None:
    result = judge(Row("0.123456789012345", k="1.23456"), flow=FlowConfig(k_factor="apply"))
    assert [(one.code, one.field) for one in result.rejected] == [(Code.R_SYNTAX, "energy_wh")]


def test_validate__sign_flip__turns_before_the_sign_is_judged() -> None:
    assert wh_of(judge(Row("0.1875", device="panels", unit=Unit.KWH), flow=FlowConfig(sign="flip"))) == [-188]
    assert [one.code for one in judge(Row("5"), flow=FlowConfig(sign="flip")).rejected] == [Code.N_NEGATIVE]


def test_validate__noise_below_half_a_wh__is_zero_and_no_wrong_sign() -> None:
    assert wh_of(judge(Row("-1e-12", unit=Unit.KWH))) == [0]


def test_validate__negative_part__is_refused_although_it_rounds_to_zero() -> None:
    rows = [Row("-0.4", at_s=300 * part, interval_s=300) for part in range(3)]
    assert [one.code for one in judge(*rows).rejected] == [Code.N_NEGATIVE] * 3


def test_validate__parts_beyond_any_meter_in_sum__are_refused() -> None:
    rows = [Row(str(2**30), at_s=300 * part, interval_s=300) for part in range(3)]
    result = judge(*rows)
    assert [one.code for one in result.rejected] == [Code.R_RANGE] * 3
    assert result.accounted == result.rows == 3


exact_texts = st.builds(
    lambda digits, places: f"{digits}e{-places}", st.integers(0, 999_999), st.integers(0, 25)
) | st.integers(0, 1000).map(str)


@settings(deadline=None)
@given(st.lists(exact_texts, min_size=3, max_size=3))
def test_validate__any_three_parts__sum_as_fractions_do(texts: list[str]) -> None:
    rows = [Row(text, at_s=300 * part, interval_s=300, unit=Unit.KWH) for part, text in enumerate(texts)]
    expected = round(sum(Fraction(text) for text in texts) * 1000)
    result = judge(*rows)
    assert [*wh_of(result), *result.held.values.wh.tolist()] == ([expected] if expected < 2**31 else [])


@settings(deadline=None)
@given(exact_texts, st.sampled_from([60, 300, 900]), st.sampled_from([Unit.W, Unit.KW]))
def test_validate__any_power__is_that_of_fractions(text: str, interval_s: int, unit: Unit) -> None:
    flow = FlowConfig(kind="power_mean", unit=None)
    rows = [Row(text, at_s=at_s, interval_s=interval_s, unit=unit) for at_s in range(0, 900, interval_s)]
    expected = round(Fraction(text) * (1000 if unit is Unit.KW else 1) / 4)
    result = judge(*rows, flow=flow)
    assert [*wh_of(result), *result.held.values.wh.tolist()] == ([expected] if expected < 2**31 else [])
