"""Refusals of a whole payload (rule V1): one sentence, with the code of the rule in brackets at its end."""

from gettone.errors import InputError
from gettone.metering.codes import Code

# More rows than this that cannot be read make a file unusable whatever its length: nobody mends them one by one.
MAX_BROKEN = 1_000_000


def unusable(code: Code, reason: str) -> InputError:
    """The refusal of a file; `reason` goes on after "the file", and never quotes a device or a value."""
    return InputError(code.lower(), f"the file {reason} [{code}]")


def too_many_broken() -> InputError:
    """The refusal of a file with more unreadable rows than are kept."""
    return unusable(Code.F_TOO_MANY, f"has more than {MAX_BROKEN} rows that cannot be read: check its layout")


class RowRefusal(Exception):
    """A row, or all rows of a message, that cannot be read: code, field and reason as those of `Rejected`."""

    def __init__(self, code: Code, field: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.field = field
        self.reason = reason
