"""What is counted while the rules run over a batch."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gettone.metering.codes import Code
from gettone.metering.received import Received, ReceivedRegisters, Rejected


@dataclass(slots=True)
class Tally:
    """Refused rows, rows that became no value of their own, and how often each rule spoke."""

    rejected: list[Rejected] = field(default_factory=list)
    equal: int = 0
    merged: int = 0
    missing: int = 0
    codes: Counter[Code] = field(default_factory=Counter)

    @classmethod
    def of(cls, received: Received | ReceivedRegisters) -> "Tally":
        """What the format said already: rows it could not read, and its notes."""
        tally = cls(codes=Counter(received.notes))
        tally.reject(received.broken)
        return tally

    def reject(self, rows: Iterable[Rejected]) -> None:
        """Refuse rows, each counted under its code."""
        for one in rows:
            self.rejected.append(one)
            self.codes[one.code] += 1

    def note(self, code: Code, count: int) -> None:
        """Count a finding that refuses nothing."""
        if count:
            self.codes[code] += int(count)

    def repeat(self, rows: int) -> None:
        """Count rows that say what another says (V12)."""
        self.equal += rows
        self.note(Code.D_EQUAL, rows)

    def sorted_rejects(self) -> tuple[Rejected, ...]:
        """The refused rows by number, whatever the order in which the rules found them."""
        return tuple(sorted(self.rejected))
