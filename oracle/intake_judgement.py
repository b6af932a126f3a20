"""A batch that was read through rules V2 to V12, with the registry of its time: what is to be stored, and why not."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from gettone import jcs
from gettone.db.repositories.batch_states import DONE, PARKED, REJECTED
from gettone.db.repositories.batches import Counters
from gettone.db.repositories.merging import MergeCounts
from gettone.errors import CheckFailed, InputError
from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters, Rejected
from gettone.metering.registers.resolution import resolve_registers
from gettone.metering.registry import Registry
from gettone.metering.rules.validation import validate
from gettone.metering.values import RegisterBases, Validated
from oracle.sources.table_file import Tabled

SHOWN_ERRORS = 100
_FILE_CODE = re.compile(r"\[(F_[A-Z_]+)\]\s*$")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules made of a batch; `state` is what it becomes: done, rejected (F_TOO_MANY) or parked."""

    state: str
    received: Received | ReceivedRegisters
    validated: Validated

    @property
    def report(self) -> str:
        """What the database keeps of the judgement: numbers and codes, no name and no value of a row."""
        rejected = [[one.row, one.code, one.field] for one in islice(sorted(self.validated.rejected), SHOWN_ERRORS)]
        return canonical(
            {
                "codes": {str(code): count for code, count in self.validated.codes.items()},
                "file_code": Code.F_TOO_MANY if self.state == REJECTED else None,
                "ignored_columns": list(self.received.ignored_columns),
                "rejected": rejected,
                "rows": self.validated.rows,
            }
        )

    def counters(self, merged: MergeCounts) -> Counters:
        """Where the rows went; CheckFailed unless all are accounted for (law 2)."""
        if self.state == REJECTED:
            return Counters(rows_rejected=self.validated.rows)
        validated = self.validated
        found = Counters(
            rows_new=merged.new,
            rows_changed=merged.changed,
            rows_confirmed=merged.confirmed,
            rows_equal=validated.equal + merged.equal,
            rows_older=merged.older,
            rows_merged=validated.merged,
            rows_missing=validated.missing + merged.missing,
            rows_rejected=len(validated.rejected),
            rows_quarantined=len(validated.held),
        )
        if found.total != validated.rows:
            raise CheckFailed(
                "rows_dropped", f"{found.total} of {validated.rows} rows are accounted for: nothing was stored"
            )
        return found


def judge(
    received: Received | ReceivedRegisters,
    registry: Registry,
    flow: FlowConfig,
    received_at: int,
    known: RegisterBases,
) -> Judged:
    """Rules V2 to V12; a batch of unknown devices alone waits for them, one with too many wrong rows is refused.

    `known` are the registers that those of the batch are counted from.
    """
    if isinstance(received, Received):
        validated = validate(received, registry, flow, received_at // 1000)
    else:
        validated = resolve_registers(received, registry, flow, received_at // 1000, known)
    if received.devices and not registry:
        return Judged(PARKED, received, validated)
    too_many = validated.permille_rejected > flow.max_reject_permille
    return Judged(REJECTED if too_many else DONE, received, validated)


def table_report(tabled: Tabled) -> str:
    """The report of a file of prices or weather, in the form of `Judged.report`."""
    rejected = [[one.row, one.code, one.field] for one in islice(tabled.refusals, SHOWN_ERRORS)]
    return canonical(
        {
            "codes": {str(code): count for code, count in tabled.codes.items()},
            "file_code": Code.F_TOO_MANY if tabled.state == REJECTED else None,
            "ignored_columns": list(tabled.ignored),
            "rejected": rejected,
            "rows": tabled.counters.total,
        }
    )


def unusable_report(refusal: InputError) -> str:
    """The report of a payload that is unusable as a whole (rule V1)."""
    found = _FILE_CODE.search(refusal.message)
    code = Code(found.group(1)) if found else Code.F_SCHEMA
    return canonical({"codes": {str(code): 1}, "file_code": code, "rows": 0})


def failure_report(failure: Exception) -> str:
    """The report of a technical failure: its kind alone, since a message may quote what was received."""
    return canonical({"codes": {}, "failure": type(failure).__name__, "rows": 0})


def canonical(document: Mapping[str, object]) -> str:
    """JSON with one form (RFC 8785), so that its digest means something."""
    return jcs.canonical(dict(document)).decode()


def report_digest(report: str) -> bytes:
    """SHA-256 of a report, as its outcome leaf states it."""
    return hashlib.sha256(report.encode()).digest()


def stored_errors(report: str) -> tuple[Rejected, ...]:
    """The first refused rows of a stored report; the reasons are those of the codes."""
    rows = json.loads(report).get("rejected", [])
    return tuple(Rejected(row, Code(code), column or "", "") for row, code, column in rows)
