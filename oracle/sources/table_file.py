"""A file that holds no readings but rows of another table: prices and weather, as the intake stores and counts them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from gettone.db.repositories.batch_states import DONE
from gettone.db.repositories.batches import Counters
from gettone.db.repositories.flows import FlowRow
from gettone.metering.codes import Code
from gettone.metering.registry import Registry

MAX_BYTES = 10 * 1024 * 1024


class Refusal(NamedTuple):
    """A row or day that is not stored: its number, code, column, and what was received."""

    row: int
    code: Code
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Tabled:
    """What became of a file: its state (done, rejected or parked), and where its rows went.

    codes: how often each rule spoke.  ignored: columns that nothing is read from.
    """

    counters: Counters
    codes: Counter[Code]
    refusals: Sequence[Refusal] = ()
    ignored: Sequence[str] = ()
    state: str = DONE

    def to_document(self) -> dict[str, object]:
        """What a file would do, as a JSON object; rows by number, without what they hold."""
        return {
            "codes": {str(code): count for code, count in sorted(self.codes.items())},
            "counters": asdict(self.counters),
            "errors": [{"row": one.row, "code": str(one.code), "column": one.field} for one in self.refusals],
            "ignored_columns": list(self.ignored),
            "state": f"would_be_{self.state}",
        }


class TableFile(Protocol):
    """A file that was read, and is to be stored in the transaction of its batch."""

    @property
    def devices(self) -> tuple[str, ...]:
        """Names of the devices it speaks of, sorted; none for prices."""

    def named(self, rows: Collection[int]) -> dict[int, str]:
        """The devices that rows name, by number."""

    def taking(self, rows: Collection[int]) -> "TableFile":
        """Only these rows, as a batch has them that repeats them once their devices are known."""

    def store(self, connection: Connection, registry: Registry, flow: FlowRow, batch_id: int) -> Tabled:
        """Put what stands into its table; `registry` knows those of its devices that the flow may speak for."""
