"""JSON-RPC as it is on the wire: many questions in one request, and answers nobody has formatted.

web3 formats every field of every log, which costs more than node, network and database together.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import requests
from pydantic_core import from_json

from gettone.errors import Unreachable

# Besu answers at most 1,024 questions in one request.
BATCH_MAX = 500


class Question(NamedTuple):
    """One method with its parameters, as JSON-RPC writes them."""

    method: str
    params: Sequence[Any]


class NodeRefusal(Exception):
    """The node answered a question with an error; `code` and `message` are its own."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message


class NodeRpc:
    """One node by its address, over one connection that is kept; for one thread at a time."""

    def __init__(self, rpc_url: str, *, timeout_s: float = 60) -> None:
        self.rpc_url = rpc_url
        self._timeout_s = timeout_s
        self._session = requests.Session()

    def ask(self, method: str, *params: Any) -> Any:
        """The answer to one question; NodeRefusal for an error, Unreachable `chain_unreachable` without an answer."""
        answer = self.ask_all([Question(method, params)])[0]
        if isinstance(answer, NodeRefusal):
            raise answer
        return answer

    def ask_all(self, questions: Sequence[Question]) -> list[Any]:
        """The answers in the order of the questions, a NodeRefusal in the place of each that is an error.

        Raises Unreachable `chain_unreachable` when the node does not answer, or not all of it.
        """
        answers: list[Any] = []
        for first in range(0, len(questions), BATCH_MAX):
            answers += self._batch(questions[first : first + BATCH_MAX])
        return answers

    def _batch(self, questions: Sequence[Question]) -> list[Any]:
        asked = [
            {"jsonrpc": "2.0", "id": number, "method": one.method, "params": one.params}
            for number, one in enumerate(questions)
        ]
        try:
            reply = self._session.post(
                self.rpc_url,
                data=json.dumps(asked).encode(),
                headers={"Content-Type": "application/json"},
                timeout=self._timeout_s,
            )
            # Keys repeat with every log; values do not, and a cache for them would only cost.
            answered = from_json(reply.content, cache_strings="keys")
        except requests.RequestException as cause:
            raise self._unreachable(f"does not answer ({type(cause).__name__})") from None
        except ValueError:
            raise self._unreachable(f"answers no JSON (status {reply.status_code})") from None
        return self._in_order(answered, len(questions))

    def _in_order(self, answered: Any, count: int) -> list[Any]:
        """The answers by their ids: a node may give them in any order."""
        if isinstance(answered, dict):
            # A refusal of the whole request stands alone.
            raise self._unreachable(f"refuses the request: {_refusal_of(answered)}")
        by_id = {one.get("id"): one for one in answered if isinstance(one, dict)} if isinstance(answered, list) else {}
        if set(by_id) != set(range(count)):
            raise self._unreachable(f"answers {len(by_id)} of {count} questions")
        return [
            _refusal_of(by_id[number]) if "result" not in by_id[number] else by_id[number]["result"]
            for number in range(count)
        ]

    def _unreachable(self, what: str) -> Unreachable:
        return Unreachable(
            "chain_unreachable", f"the node at {self.rpc_url} {what}: start it, or check the address and try again"
        )


def _refusal_of(answer: dict[str, Any]) -> NodeRefusal:
    error = answer.get("error")
    found = error if isinstance(error, dict) else {}
    return NodeRefusal(int(found.get("code", 0)), str(found.get("message", error)))
