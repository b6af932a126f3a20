"""Every refusal of gettone, with its stable code and its exit status.

GettoneError
├── CheckFailed     exit 1   the thing checked is wrong, or the work failed
├── InputError      exit 2   usage, or an input file against its format
├── MissingInput    exit 3   an input, a setting or a piece of evidence is missing or pending
├── Held            exit 4   waits for a person
├── Conflict        exit 5   a lock, a state or a root disagrees
├── Refused         exit 6   a right is missing, or a setting is unsafe
└── Unreachable     exit 7   an outside system does not answer

The message is one sentence: what is wrong, where, why, and how to mend it.  Codes never change meaning.
The exit statuses are those of the command line; anything else that escapes is a defect and exits 70.
This module imports nothing, so that the pure packages and the stand-alone verifier can raise from it.
"""


class GettoneError(Exception):
    """Base of all refusals; `code` is stable, `message` is one sentence for a person."""

    exit_status = 70

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class CheckFailed(GettoneError):
    """The thing checked is wrong, or the work failed."""

    exit_status = 1


class InputError(GettoneError):
    """Wrong usage, or an input file against its format."""

    exit_status = 2


class MissingInput(GettoneError):
    """An input, a setting or a piece of evidence is missing or pending."""

    exit_status = 3


class Held(GettoneError):
    """The work waits for a person."""

    exit_status = 4


class Conflict(GettoneError):
    """A lock, a state or a root disagrees with what is stored elsewhere."""

    exit_status = 5


class Refused(GettoneError):
    """A right is missing, or a setting is unsafe."""

    exit_status = 6


class Unreachable(GettoneError):
    """An outside system does not answer."""

    exit_status = 7
