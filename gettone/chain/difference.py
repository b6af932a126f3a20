"""What a verification names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be: where, what, and the two values."""

    contract: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.contract}: {self.what} should be {self.expected} and is {self.found}"
