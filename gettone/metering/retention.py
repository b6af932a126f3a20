"""How long each kind of reading is kept (metering specification §2, Retention); pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from gettone.types import DAY_S

READING_MONTHS, PAYLOAD_MONTHS, ANOMALY_MONTHS = 72, 24, 24
SAMPLE_DAYS = 60


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Instants in unix s; what is older goes.

    readings_s: readings, versions, estimates, gaps, coverage, weather and prices beside them, batches, preimages.
    payloads_s: files in the lake and refused rows.  anomalies_s: closed and dismissed anomalies.
    samples_s: samples finer than a slot.
    """

    readings_s: int
    payloads_s: int
    anomalies_s: int
    samples_s: int


def cutoffs(now_s: int) -> Cutoffs:
    """The cutoffs of an instant: whole UTC months are kept for their months, samples by the day."""
    return Cutoffs(
        readings_s=months_before(now_s, READING_MONTHS),
        payloads_s=months_before(now_s, PAYLOAD_MONTHS),
        anomalies_s=months_before(now_s, ANOMALY_MONTHS),
        samples_s=now_s // DAY_S * DAY_S - SAMPLE_DAYS * DAY_S,
    )


def months_before(now_s: int, months: int) -> int:
    """The first instant of the UTC month that lies `months` before that of `now_s` [unix s]."""
    now = datetime.fromtimestamp(now_s, UTC)
    counted = now.year * 12 + now.month - 1 - months
    return int(datetime(counted // 12, counted % 12 + 1, 1, tzinfo=UTC).timestamp())
