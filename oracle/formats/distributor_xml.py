"""The Italian distributor's flow of measurements (XML, metering specification §3.3)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

from gettone.metering.codes import Code
from gettone.metering.flow import APPLY, FlowConfig
from gettone.metering.received import BandTotal, Received, Unit
from gettone.types import Quality
from oracle.payload.curves import DIALECTS, place_curve
from oracle.payload.elements import child, local_name, open_xml, text_of
from oracle.payload.local_days import QUARTER_S, quarters_of
from oracle.payload.numbers import MISSING, found_in_text, number_of_text
from oracle.payload.opened import open_payload
from oracle.payload.refusals import RowRefusal, unusable
from oracle.payload.rows import ONE, Found, Number, Place, RowSink
from oracle.payload.words import DIRECTIONS

POD = re.compile(r"IT[0-9]{3}E[0-9A-Z]{8}[0-9A-Z]?", re.ASCII)
PERIODIC, RECTIFICATION = "periodic", "rectification"

_MONTH = re.compile(r"(0[1-9]|1[0-2])/(20\d\d)", re.ASCII)
_VALUE = re.compile(r"E([1-9]\d?|100)", re.ASCII)
_BAND = re.compile(r"Ea(F[1-6])", re.ASCII)
_CLASSES = {"": 0, "S": 1, "N": 2}


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the flow says about a CodFlusso, and how this distributor writes the days of the changeover."""

    direction: int
    rectification: bool
    dialect: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A `Misura` or `Curva` of one point and month."""

    pod: str
    month: date
    place: Place
    quality: int
    refusal: RowRefusal | None


def read(payload: Path, flow: FlowConfig) -> Received:
    """The quarters of a flow of measurements, numbered through, each declared missing where `Ek` is absent.

    Options of the flow: `flow.<CodFlusso>` with a direction and `periodic` or `rectification`, and `dialect` with
    `dst` or `e100`; its clock is the zone of the local days.  Sums `EaF1`.. come along as totals.  Raises InputError
    F_SCHEMA for any other layout, and with the codes of `open_payload` and `open_xml`.
    """
    sink = RowSink()
    points = 0
    with open_payload(payload) as plain:
        root, items = open_xml(plain, "FlussoMisure", ("DatiPod",))
        kind = _kind(root.get("CodFlusso", ""), flow)
        for item in items:
            points += 1
            _read_point(item, kind, flow, sink)
    if not points:
        raise unusable(Code.F_SCHEMA, "has no DatiPod")
    return sink.received()


def _kind(code: str, flow: FlowConfig) -> _Kind:
    words = (flow.option(f"flow.{code}") or "").lower().split()
    if len(words) != 2 or words[0] not in DIRECTIONS or words[1] not in (PERIODIC, RECTIFICATION):
        raise unusable(Code.F_SCHEMA, f"has the CodFlusso {code[:20]!r}, whose direction its flow does not state")
    dialect = flow.option("dialect")
    if dialect not in DIALECTS:
        raise unusable(Code.F_SCHEMA, f"cannot be read: its flow states no dialect of {' and '.join(DIALECTS)}")
    return _Kind(DIRECTIONS[words[0]], words[1] == RECTIFICATION, dialect)


def _read_point(item: Element, kind: _Kind, flow: FlowConfig, sink: RowSink) -> None:
    for block in item:
        if local_name(block) in ("Misura", "Curva"):
            _read_block(_block(item, block, kind, flow), block, kind, flow, sink)


def _block(item: Element, block: Element, kind: _Kind, flow: FlowConfig) -> _Block:
    written = text_of(item, "Pod")
    pod = "".join(written.split()).upper()
    month = _MONTH.fullmatch(text_of(item, "MeseAnno"))
    stated, checked = text_of(block, "TipoDato"), text_of(block, "Validato")
    if not written or month is None or stated not in ("E", "S") or checked not in _CLASSES:
        raise unusable(Code.F_SCHEMA, "has a DatiPod whose Pod, MeseAnno, TipoDato or Validato is missing or unknown")
    refusal = None
    if POD.fullmatch(pod) is None:
        refusal = RowRefusal(Code.R_SYNTAX, "Pod", "Pod is no code of a point of delivery")
    multiplier = number_of_text(text_of(item, "DatiPdp", "Ka") or "1", flow.decimal)
    if multiplier is None or multiplier.mantissa <= 0:
        refusal = refusal or RowRefusal(Code.U_MULTIPLIER, "Ka", "Ka is no positive number")
    measured = Quality.CORRECTED if kind.rectification else Quality.ACTUAL
    quality = int(measured if stated == "E" else Quality.ESTIMATED)
    place = Place(pod, kind.direction, Unit.KWH, _CLASSES[checked], multiplier or ONE)
    return _Block(pod, date(int(month[2]), int(month[1]), 1), place, quality, refusal)


def _read_block(block: _Block, element: Element, kind: _Kind, flow: FlowConfig, sink: RowSink) -> None:
    curves = [one for one in element if local_name(one) == "Ea"]
    for curve in curves:
        _read_day(block, curve, kind, flow, sink)
    if not curves and child(element, "CausaOstativa") is not None:
        _declare_missing(block, flow, sink)
    if block.refusal is None:
        _add_totals(block, element, flow, sink)


def _read_day(block: _Block, curve: Element, kind: _Kind, flow: FlowConfig, sink: RowSink) -> None:
    values, dst = _values(curve)
    day = _day(block.month, (curve.text or "").strip())
    texts = [f"{block.pod} {day} E{k}={text}" for k, text in values.items()] or [f"{block.pod} {day}"]
    try:
        if block.refusal is not None:
            raise block.refusal
        quarters = quarters_of(day, flow.clock)
        placed = place_curve(values, dst, len(quarters), kind.dialect)
    except RowRefusal as refusal:
        for text in texts:
            sink.reject(refusal.code, refusal.field, refusal.reason, text)
        return
    if placed.padding:
        sink.notes[Code.X_PADDING] += placed.padding
    found = [_found(text, block, flow) for _, text in placed.texts]
    starts = [quarters[at] for at, _ in placed.texts]
    sink.add_mixed(
        block.place, starts, QUARTER_S, found, lambda at: f"{block.pod} {day} {starts[at]}={placed.texts[at][1]}"
    )


def _values(curve: Element) -> tuple[dict[int, str], str]:
    """The values by their number, and `Dst`; any other attribute is another layout."""
    attributes = dict(curve.attrib)
    dst = attributes.pop("Dst", "0").strip()
    numbers = {name: _VALUE.fullmatch(name) for name in attributes}
    if not all(numbers.values()):
        raise unusable(Code.F_SCHEMA, "has an Ea with other attributes than E1 to E100 and Dst")
    return {int(match[1]): attributes[name] for name, match in numbers.items() if match is not None}, dst


def _day(month: date, text: str) -> date:
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise unusable(Code.F_SCHEMA, "has an Ea whose text is no day of the month")
    if not 1 <= int(text) <= monthrange(month.year, month.month)[1]:
        raise unusable(Code.F_SCHEMA, "has an Ea of a day that its month does not have")
    return month.replace(day=int(text))


def _found(text: str | None, block: _Block, flow: FlowConfig) -> Found:
    if text is None:
        return MISSING
    return found_in_text(text, flow.decimal, block.quality, flow.null_marks, "Ea")


def _declare_missing(block: _Block, flow: FlowConfig, sink: RowSink) -> None:
    """A point without a curve that says why: all quarters of the month are declared missing."""
    for day in range(1, monthrange(block.month.year, block.month.month)[1] + 1):
        quarters = quarters_of(block.month.replace(day=day), flow.clock)
        if block.refusal is not None:
            sink.reject(block.refusal.code, block.refusal.field, block.refusal.reason, f"{block.pod} day {day}")
        else:
            count = len(quarters)
            sink.add(block.place, quarters, QUARTER_S, [MISSING[0]] * count, [MISSING[1]] * count)


def _add_totals(block: _Block, element: Element, flow: FlowConfig, sink: RowSink) -> None:
    """Sums by band over the month, for rule V15; one that is no number is left out and noted."""
    days = monthrange(block.month.year, block.month.month)[1]
    from_s = quarters_of(block.month, flow.clock).start
    to_s = quarters_of(block.month.replace(day=days), flow.clock).stop
    for one in element:
        band = _BAND.fullmatch(local_name(one))
        if band is None:
            continue
        number = number_of_text((one.text or "").strip(), flow.decimal)
        if number is None:
            sink.notes[Code.R_SYNTAX] += 1
            continue
        factor = block.place.multiplier if flow.k_factor == APPLY else ONE
        product = Number(number.mantissa * factor.mantissa, number.exponent + factor.exponent)
        sink.totals.append(
            BandTotal(block.pod, block.place.direction, from_s, to_s, band[1], *product, block.place.unit)
        )
