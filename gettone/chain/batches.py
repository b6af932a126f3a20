"""Many questions to a node in one HTTP request, as JSON-RPC batches, and what came of each.

Results are the node's own JSON: decoding each receipt's logs would cost more than sending the transactions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import requests
from web3 import Web3
from web3.exceptions import Web3Exception
from web3.types import RPCEndpoint

from gettone.chain.answers import NO_ANSWER, UNREADABLE, Action, Meaning, meaning_of_error, meaning_of_failure

Question = tuple[str, list[Any]]

QUESTIONS_MAX = 500
"""Besu takes 1,024 requests in a batch unless it is told otherwise."""
CHARACTERS_MAX = 1_000_000
"""Anvil refuses bodies above 2 MB."""

_FAILURES = (requests.RequestException, Web3Exception, ConnectionError, TimeoutError, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question: a result (which may be None), or a meaning with the node's words."""

    result: Any = None
    meaning: Meaning | None = None
    words: str = ""


class NotTakenError(Exception):
    """A node did not take a transaction, or nobody knows whether it did; `answer` says what it said."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.words)
        self.answer = answer


def ask_one(w3: Web3, question: Question) -> Answer:
    """One question; nothing is raised."""
    method, parameters = question
    try:
        return _answer_of(w3.provider.make_request(RPCEndpoint(method), parameters))
    except _FAILURES as failure:
        return Answer(None, meaning_of_failure(failure), type(failure).__name__)


def ask_all(w3: Web3, questions: Sequence[Question]) -> list[Answer]:
    """The answers to questions in their order, asked in as few requests as nodes take; nothing is raised."""
    answers: list[Answer] = []
    for part in _parts(questions):
        answers += [ask_one(w3, part[0])] if len(part) == 1 else _asked(w3, part)
    return answers


def _asked(w3: Web3, questions: Sequence[Question]) -> list[Answer]:
    try:
        pairs = [(RPCEndpoint(method), parameters) for method, parameters in questions]
        found = cast(Any, w3.provider).make_batch_request(pairs)
    except _FAILURES as failure:
        nothing = Answer(None, meaning_of_failure(failure), type(failure).__name__)
        return [nothing] * len(questions)
    if isinstance(found, dict):
        return [_of_whole_batch(found)] * len(questions)
    if len(found) != len(questions):
        # Answers are matched by their order, so that one missing makes all of them doubtful.
        return [Answer(None, UNREADABLE, "answers are missing")] * len(questions)
    return [_answer_of(one) for one in found]


def _of_whole_batch(found: dict[str, Any]) -> Answer:
    """A refusal of the batch says nothing of the transactions in it."""
    answer = _answer_of(found)
    meaning = answer.meaning or NO_ANSWER
    return Answer(None, meaning if meaning.action in (Action.RESEND, Action.MEND) else NO_ANSWER, answer.words)


def _answer_of(found: Any) -> Answer:
    if not isinstance(found, dict) or ("result" not in found and "error" not in found):
        return Answer(None, UNREADABLE, "no JSON-RPC answer")
    error = found.get("error")
    if error:
        return Answer(None, meaning_of_error(error), str(error.get("message", "")) if isinstance(error, dict) else "")
    return Answer(found["result"])


def _parts(questions: Sequence[Question]) -> Iterator[list[Question]]:
    part: list[Question] = []
    size = 0
    for question in questions:
        length = sum(len(one) for one in question[1] if isinstance(one, str))
        if part and (len(part) == QUESTIONS_MAX or size + length > CHARACTERS_MAX):
            yield part
            part, size = [], 0
        part.append(question)
        size += length
    if part:
        yield part
