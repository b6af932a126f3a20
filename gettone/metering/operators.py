"""Who decides about readings and settlements: persons named by ids, never by name or address.

On the server a person is an operator with a short id; in the API it is the subject of the token.
"""

import re
from collections.abc import Iterable

from gettone.errors import InputError, Refused

_OPERATOR = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
AGAIN = ".again"
"""What the second word of a person is kept under, where one person may give both (a single administrator)."""


def parse_operator(text: str) -> str:
    """The id of an operator: 2 to 64 lower-case letters, digits, dots and dashes; InputError for anything else.

    An id is kept beside what was decided, so that a name or an e-mail address does not belong there.
    """
    if not _OPERATOR.fullmatch(text):
        raise InputError(
            "operator_id",
            "an operator is named by 2 to 64 lower-case letters, digits, '.', '_' or '-', not by name or address",
        )
    return text


def require_two_persons(first: str, second: str) -> None:
    """Refused when the same operator proposes and decides."""
    if first == second:
        raise Refused("two_persons", f"operator {first} proposed this: another person has to decide")


def second_word(persons: Iterable[str], person: str, *, alone: bool) -> str:
    """The name under which a word is kept beside those of `persons`; Refused `two_persons` for the same person.

    With `alone` the only administrator of a community may speak twice; that a day lies between is checked by who asks.
    """
    spoken = set(persons)
    if alone and person in spoken:
        return person + AGAIN
    for first in spoken:
        require_two_persons(first, person)
    return person
