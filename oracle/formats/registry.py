"""The formats by the name of their syntax: a new one is one new file beside this, with a function `read`."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

import oracle.formats
from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received, ReceivedRegisters

Reader = Callable[[Path, FlowConfig], Received | ReceivedRegisters]


def read_batch(payload: Path, flow: FlowConfig) -> Received | ReceivedRegisters:
    """The rows of a payload by the syntax of its flow.

    Raises InputError with an F code for a payload that is unusable as a whole, `syntax_unknown` for a flow whose
    syntax nothing here reads.
    """
    return reader_of(flow.syntax)(payload, flow)


def syntaxes() -> tuple[str, ...]:
    """Names of the syntaxes that are read here, sorted."""
    return tuple(sorted(one.name for one in pkgutil.iter_modules(oracle.formats.__path__) if one.name != "registry"))


@cache
def reader_of(syntax: str) -> Reader:
    """The reader of a syntax; InputError `syntax_unknown` for any other name."""
    if syntax not in syntaxes():
        raise InputError("syntax_unknown", f"syntax {syntax!r} is unknown: use one of {', '.join(syntaxes())}")
    return cast(Reader, importlib.import_module(f"oracle.formats.{syntax}").read)
