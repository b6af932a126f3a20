"""Instants as the API writes them: UTC with a Z, to the millisecond (RFC 3339)."""

from datetime import UTC, datetime


def instant_text(at_ms: int) -> str:
    """An instant [unix ms] as text: 2026-01-31T23:00:00.000Z."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant_ms(at: datetime) -> int:
    """An instant with an offset as unix ms."""
    return int(at.timestamp() * 1000)
