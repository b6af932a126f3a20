"""UrbanDatasets of meter readings about points that do not exist."""

from typing import Any

UNITS = {"PODID": "dimensionless", "ActiveEnergy": "kilowattHour", "ElectricConsumption": "wattHour", "Status": "x"}


def line_of(start: str, end: str, **values: Any) -> dict[str, Any]:
    """A line with a period and properties."""
    properties = [{"name": name, "val": text} for name, text in values.items()]
    return {"period": {"start_ts": start, "end_ts": end}, "property": properties}


def quarter_lines(day: str, values: list[str], device: str = "IT001E00000001", hour: int = 0) -> list[dict[str, Any]]:
    """Quarters of an hour from an hour of a day on."""
    labels = [f"{day}T{hour + at // 4:02}:{at % 4 * 15:02}:00" for at in range(len(values) + 1)]
    return [
        line_of(start, end, PODID=device, ActiveEnergy=value)
        for start, end, value in zip(labels, labels[1:], values, strict=False)
    ]


def dataset_of(lines: list[Any], zone: str = "UTC+1", identity: str = "ElectricMeterReading-2.0") -> dict[str, Any]:
    """A whole data set."""
    definitions = [{"propertyName": name, "unitOfMeasure": unit} for name, unit in UNITS.items()]
    context = {"producer": {"id": "Solution-1"}, "timeZone": zone, "timestamp": "2026-03-30T00:00:00"}
    specification = {
        "version": "2.0",
        "id": {"value": identity, "schemeID": "SCPS"},
        "name": identity.removesuffix("-2.0"),
        "properties": {"propertyDefinition": definitions},
    }
    return {"UrbanDataset": {"context": context, "specification": specification, "values": {"line": lines}}}
