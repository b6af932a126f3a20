"""Bodies of suppliers and flows."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas import Strict, StrictInput

PLAIN, LINES = r"^[^\x00-\x1f\x7f]+$", r"^[^\x00-\x08\x0b-\x1f\x7f]+$"
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PLAIN)]
FlowName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=PLAIN)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=LINES)]
Url = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s\x00-\x1f\x7f<>\"]+$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Short = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
Pairs = Annotated[dict[Short, Annotated[str, StringConstraints(max_length=500)]], Field(max_length=40)]
Transport = Literal["mqtt", "triage", "rest", "upload"]
Seconds = Annotated[int, Field(ge=1, le=31 * 86_400)]


class SupplierInput(StrictInput):
    """Who sends readings."""

    name: Name
    description: Sentence | None = None
    note: Text | None = None
    url: Url | None = None


class SupplierChange(StrictInput):
    """What of a supplier is to be changed; what is left out stays."""

    name: Name | None = None
    description: Sentence | None = None
    note: Text | None = None
    url: Url | None = None


class SupplierState(Strict):
    """A supplier that serves the community."""

    supplier_id: int
    name: str
    description: str | None
    note: str | None
    url: str | None


class SupplierBody(SupplierState):
    """A supplier, with the ETag that a change of it names."""

    etag: str


class ConfigChange(StrictInput):
    """Keys of the configuration that are to be changed (metering specification §3.2); the others stay."""

    source_class: int | None = None
    rank: int | None = None
    direction: int | None = None
    kind: Word | None = None
    unit: Short | None = None
    sign: Word | None = None
    k_factor: Word | None = None
    syntax: Word | None = None
    separator: Short | None = None
    encoding: Short | None = None
    decimal: Short | None = None
    columns: Pairs | None = None
    null_marks: Annotated[list[Short], Field(max_length=20)] | None = None
    clock: Short | None = None
    label: Word | None = None
    step_s: int | None = None
    snap_s: int | None = None
    max_reject_permille: int | None = None
    options: Pairs | None = None


class ConfigInput(StrictInput):
    """What the rows of a flow mean: every key is stated, nothing is guessed (metering specification §3.2)."""

    source_class: int
    rank: int | None
    direction: int | None
    kind: Word
    unit: Short | None
    sign: Word
    k_factor: Word | None
    syntax: Word
    separator: Short
    encoding: Short
    decimal: Short
    columns: Pairs
    null_marks: Annotated[list[Short], Field(max_length=20)]
    clock: Short
    label: Word
    step_s: int | None
    snap_s: int
    max_reject_permille: int
    options: Pairs


class Facts(StrictInput):
    """What is told about a flow beside its configuration (Table 14); codes are of the domains of that table."""

    description: Sentence | None = None
    note: Text | None = None
    channel: Sentence | None = None
    format_ref: Sentence | None = None
    rights: Text | None = None
    on_error: Text | None = None
    gdpr_class: Word | None = None
    send_frequency: Word | None = None
    send_derogation: Word | None = None
    measure_frequency: Word | None = None
    measure_derogation: Word | None = None
    measurement_type: Word | None = None


class FlowInput(Facts):
    """A flow of a supplier of this community; `send_period_s` is after how long it counts as silent."""

    name: FlowName
    supplier_id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    transport: Transport
    send_period_s: Seconds | None = None
    config: ConfigInput


class FlowChange(Facts):
    """What of a flow is to be changed; what is left out stays.  Another configuration counts from the next batch."""

    send_period_s: Seconds | None = None
    config: ConfigChange | None = None


class FlowConfigBody(Strict):
    """A configuration a flow has or had, numbered from 1."""

    number: int
    since: str
    config: ConfigInput


class FlowState(Strict):
    """A flow that concerns the community; the last configuration is in force."""

    flow_id: int
    name: str
    supplier: str | None
    transport: str | None
    send_period_s: int | None
    ended_at: str | None
    description: str | None
    note: str | None
    channel: str | None
    format_ref: str | None
    rights: str | None
    on_error: str | None
    gdpr_class: str
    send_frequency: str
    send_derogation: str
    measure_frequency: str
    measure_derogation: str
    measurement_type: str
    history: list[FlowConfigBody]


class FlowBody(FlowState):
    """A flow, with the ETag that a change of it names."""

    etag: str
