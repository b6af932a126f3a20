"""Bodies of the ingest routes."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

MAX_VALUES = 10_000


class ReadingsBody(BaseModel):
    """Readings of one device, as in its messages (metering specification §3.2); `device` is that of the key."""

    model_config = ConfigDict(extra="forbid")

    v: Literal[1]
    id: Annotated[str, Field(max_length=64)] | None = None
    device: Annotated[int, Field(strict=True)] | None = None
    dir: Annotated[int, Field(strict=True, ge=0, le=5)]
    kind: Literal["interval", "register", "power_mean", "power_sample"] = "interval"
    unit: str | None = None
    start: Annotated[AwareDatetime | None, Field(alias="from")] = None
    step: Annotated[int, Field(strict=True, gt=0, le=86_400)] | None = None
    times: list[AwareDatetime] | None = None
    values: Annotated[list[Any], Field(min_length=1)]
    est: list[Annotated[int, Field(strict=True, ge=0)]] = []


class ReceiptBody(BaseModel):
    """Proof of delivery: the digest of what was received, and its leaf in the ingest log."""

    sha256: str
    leaf_index: int
    leaf_hash: str


class AcceptedBody(BaseModel):
    """What was taken; the batch is judged by the worker."""

    batch_id: int
    state: str
    receipt: ReceiptBody
