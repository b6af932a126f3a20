"""Flows of measurements of a distributor, written as the Italian ones are, about points that do not exist."""

from collections.abc import Iterable, Mapping
from typing import Any

POD = "IT001E00000001"
HEADER = (
    "<IdentificativiFlusso><PIvaUtente>00000000001</PIvaUtente><PIvaDistributore>00000000002</PIvaDistributore>"
    "<CodContrDisp>DP0001</CodContrDisp></IdentificativiFlusso>"
)


def curve_of(day: int, values: Mapping[int, str] | Iterable[str], dst: str | None = None) -> str:
    """An `Ea` of a day; values from E1 on, or by their number."""
    numbered = values if isinstance(values, Mapping) else dict(enumerate(values, 1))
    attributes = "".join(f' E{k}="{text}"' for k, text in numbered.items())
    stated = f' Dst="{dst}"' if dst is not None else ""
    return f"<Ea{stated}{attributes}>{day:02}</Ea>"


def point_of(curves: str, *, pod: str = POD, month: str = "03/2026", ka: str = "1", **fields: str) -> str:
    """A `DatiPod` with one `Curva`; `fields` replace or add elements of the curve, empty ones are left out."""
    inside = {"Raccolta": "T", "TipoDato": "E", "Validato": "S", "PotMax": "3,300"} | fields
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in inside.items() if text)
    point = f"<DatiPdp><Ka>{ka}</Ka><Kr>1</Kr></DatiPdp>" if ka else ""
    return f"<DatiPod><Pod>{pod}</Pod><MeseAnno>{month}</MeseAnno>{point}<Curva>{elements}{curves}</Curva></DatiPod>"


def flow_of(*points: str, code: str = "PDO", prefix: str = "") -> str:
    """A whole document."""
    inside = HEADER + "".join(points)
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{declaration}{prefix}<FlussoMisure CodFlusso="{code}">{inside}</FlussoMisure>'


def distributor_flow(**changes: Any) -> Any:
    """The configuration of a flow that reads these documents."""
    from gettone.metering.flow import FlowConfig  # noqa: PLC0415 - the writer needs nothing of the project

    defaults = {
        "source_class": 1,
        "syntax": "distributor_xml",
        "unit": "kWh",
        "decimal": ",",
        "separator": ";",
        "clock": "Europe/Rome",
        "step_s": 900,
        "options": (
            ("flow.PDO", "withdrawal periodic"),
            ("flow.RFO", "withdrawal rectification"),
            ("flow.PIO", "injection periodic"),
            ("dialect", "dst"),
        ),
    }
    return FlowConfig(**(defaults | changes))
