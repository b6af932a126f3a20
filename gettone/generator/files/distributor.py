"""The Italian distributor's flow of measurements, in both dialects of the changeover days (§3.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gettone.generator.files.block import SLOT_S, Block, BlockWriter
from gettone.generator.files.decimals import kwh_text
from gettone.metering.flow import FlowConfig
from gettone.types import Direction

DST, E100 = "dst", "e100"
CODES = {Direction.WITHDRAWAL: "PDO", Direction.INJECTION: "PIO"}
_WORDS = {Direction.WITHDRAWAL: "withdrawal", Direction.INJECTION: "injection"}
# The parts of a day by its number of quarters: `Dst`, first quarter, end, number of the first value.
_PARTS = {
    96: ((None, 0, 96, 1),),
    92: (("1", 0, 8, 1), ("1", 8, 92, 13)),
    100: (("2", 0, 12, 1), ("3", 12, 100, 9)),
}
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<FlussoMisure CodFlusso="{code}"><IdentificativiFlusso>'
    "<PIvaUtente>00000000001</PIvaUtente><PIvaDistributore>00000000002</PIvaDistributore>"
    "<CodContrDisp>DP0001</CodContrDisp></IdentificativiFlusso>\n"
)


@dataclass(frozen=True, slots=True)
class DistributorXml:
    """A flow of one direction; numbers are positive, and the flow turns those of injection round.

    `Validato` stays empty: it would call the values a distributor's, and these are the generator's.
    """

    dialect: str
    direction: Direction

    @property
    def name(self) -> str:
        """Its name, by which files and flows are called."""
        return f"distributor-{self.dialect}-{_WORDS[self.direction]}"

    @property
    def suffix(self) -> str:
        """The end of its file names, without a dot."""
        return "xml"

    @property
    def config(self) -> FlowConfig:
        """The configuration of the flow that reads these files."""
        return FlowConfig(
            source_class=7,
            unit="kWh",
            sign="flip" if self.direction is Direction.INJECTION else "as_is",
            syntax="distributor_xml",
            separator=";",
            decimal=",",
            clock="Europe/Rome",
            step_s=SLOT_S,
            options=(
                (f"flow.{CODES[self.direction]}", f"{_WORDS[self.direction]} periodic"),
                ("dialect", self.dialect),
            ),
        )

    def takes(self, direction: Direction) -> bool:
        """Its own direction only."""
        return direction is self.direction

    def open(self, path: Path, month: str) -> BlockWriter:
        """Begin a file."""
        return _XmlWriter(path, month, self)


class _XmlWriter:
    def __init__(self, path: Path, month: str, source: DistributorXml) -> None:
        self._source = source
        self._month = f"{month[5:]}/{month[:4]}"
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(_HEAD.format(code=CODES[source.direction]))

    def write(self, block: Block) -> int:
        """Append the points of a block; returns how many values went in."""
        bounds = block.day_bounds
        for pod, values in zip(block.devices, abs(block.wh).tolist(), strict=True):
            curves = "".join(
                curve
                for day, first, end in bounds
                for curve in curves_of(day.day, values[first:end], self._source.dialect)
            )
            self._file.write(point_of(pod, self._month, curves) + "\n")
        return int(block.wh.size)

    def close(self) -> None:
        """End the file."""
        self._file.write("</FlussoMisure>\n")
        self._file.close()


def point_of(pod: str, month: str, curves: str, ka: str = "1") -> str:
    """The `DatiPod` of a point and month such as `03/2026`; `ka` is the multiplier it states."""
    return (
        f"<DatiPod><Pod>{pod}</Pod><MeseAnno>{month}</MeseAnno><DatiPdp><Ka>{ka}</Ka></DatiPdp>"
        f"<Curva><Raccolta>T</Raccolta><TipoDato>E</TipoDato><Validato></Validato>{curves}</Curva></DatiPod>"
    )


def curves_of(day: int, wh: list[int], dialect: str) -> Iterator[str]:
    """The `Ea` of a day of 92, 96 or 100 quarters [Wh >= 0]: two where the day has two parts in the dialect."""
    if dialect == E100:
        yield _curve(day, None, _numbered(wh, 1))
        return
    parts: dict[tuple[str | None, int], str] = {}
    for number, (dst, first, end, k) in enumerate(_PARTS[len(wh)]):
        # The hour that spring skips is missing among the numbers, and the day still is one element.
        key = (dst, 0 if dst == "1" else number)
        parts[key] = parts.get(key, "") + _numbered(wh[first:end], k)
    for (dst, _), values in parts.items():
        yield _curve(day, dst, values)


def _curve(day: int, dst: str | None, values: str) -> str:
    stated = "" if dst is None else f' Dst="{dst}"'
    return f"<Ea{stated}{values}>{day:02}</Ea>"


def _numbered(wh: list[int], first: int) -> str:
    return "".join(f' E{k}="{kwh_text(value, ",")}"' for k, value in enumerate(wh, first))
