"""Who decides about readings: operators named by short ids, never by name or address."""

import re

from gettone.errors import InputError, Refused

_OPERATOR = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


def parse_operator(text: str) -> str:
    """The id of an operator: 2 to 32 lower-case letters, digits, dots and dashes; InputError for anything else.

    An id is kept beside what was decided, so that a name or an e-mail address does not belong there.
    """
    if not _OPERATOR.fullmatch(text):
        raise InputError(
            "operator_id",
            "an operator is named by 2 to 32 lower-case letters, digits, '.', '_' or '-', not by name or address",
        )
    return text


def require_two_persons(first: str, second: str) -> None:
    """Refused when the same operator proposes and decides."""
    if first == second:
        raise Refused("two_persons", f"operator {first} proposed this: another person has to decide")
