"""Constants and names of the take-out format that writer and reader share."""

from enum import StrEnum

FORMAT = "gettone.takeout/1"
FORMAT_WITH_SOURCES = "gettone.takeout/2"
"""Version 1 and the folder ingest/: what a take-out is as soon as one of its settlements has an ingest log."""

SIGNATURE_SCHEME = "EIP-191"

READINGS_COLUMNS = "slot,start_utc,wh,quality"
TOTALS_COLUMNS = "slot,start_utc,withdrawn_wh,injected_wh"


class Level(StrEnum):
    """How much a take-out discloses: all keys, chosen slots with their nonces, or no slot at all."""

    FULL = "full"
    PARTIAL = "partial"
    PROOF_ONLY = "proof-only"


def settlement_label(period_index: int, revision: int) -> str:
    """`<period>.r<revision>`: names one revision of one period in files and reports."""
    return f"{period_index}.r{revision}"


def series_label(period_index: int, first_revision: int) -> str:
    """`<period>`, or `<period>.r<n>` for values that a correction committed."""
    return str(period_index) if first_revision == 0 else settlement_label(period_index, first_revision)


def readings_file(pid: bytes, period_index: int, first_revision: int) -> str:
    """Name of the file with the readings of a series."""
    return f"readings/{pid.hex()}/{series_label(period_index, first_revision)}.csv"


def series_file(pid: bytes, period_index: int, first_revision: int) -> str:
    """Name of the file with the header and the leaf hashes of a series."""
    return f"series/{pid.hex()}.{series_label(period_index, first_revision)}.json"
