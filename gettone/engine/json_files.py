"""JSON in files: strict documents, the reward model, and refusals that name their file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gettone.errors import InputError
from gettone.rewards.model import Model, parse_model


def read_model(path: Path) -> Model:
    """The model of a JSON file; InputError names the file and the field that is wrong."""
    with refusals_naming(path):
        return parse_model(read_json(path))


@contextmanager
def refusals_naming(path: Path) -> Iterator[None]:
    """Put the file in front of every refusal of what it holds, unless the refusal names it already."""
    try:
        yield
    except InputError as refusal:
        if str(path) in refusal.message:
            raise
        raise InputError(refusal.code, f"{path}: {refusal.message}") from None


def read_json(path: Path) -> Any:
    """A JSON file; names that stand twice in one object and numbers beyond JSON are refused."""
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text, object_pairs_hook=_object_of_unique_names, parse_constant=_refuse_constant)
    except OSError as error:
        raise InputError("file_unreadable", f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError("json_syntax", f"{path} is not a JSON document: {error}") from None


def _object_of_unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise ValueError(f"the name {repeated[0]!r} stands twice in one object")
    return dict(pairs)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
