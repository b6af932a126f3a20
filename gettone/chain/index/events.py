"""Raw logs of a contract set as named events, by layouts that are derived from the committed ABI once."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from eth_utils.abi import event_abi_to_log_topic
from pydantic_core import to_json

from gettone.chain.contract import load_artifact
from gettone.chain.index.abi_values import (
    WORD,
    UndecodableError,
    codec_of,
    field_name,
    sequence_reader,
    word_reader,
)
from gettone.chain.index.ranges import ReadRange
from gettone.errors import CheckFailed


class ChainEvent(NamedTuple):
    """One log: `contract` is its name in the set (or the address of a stranger), `event` None if it is unknown.

    `args` are plain values by name in the order of the ABI, for an unknown one `topics` and `data` as they came;
    `topics` are the indexed arguments, 32 bytes each.
    """

    block_number: int
    log_index: int
    block_hash: str
    tx_hash: str
    contract: str
    event: str | None
    topics: tuple[str, ...]
    args: Mapping[str, Any]

    @property
    def args_json(self) -> str:
        """The arguments as JSON text, the same bytes whoever reads the log."""
        return to_json(self.args).decode()


@dataclass(frozen=True, slots=True)
class EventLayout:
    """How the arguments of one event are read: (name, number of the topic, reader), and the data as a sequence."""

    name: str
    topic: str
    topic_count: int
    names: tuple[str, ...]
    indexed: tuple[tuple[int, int, Callable[[str], Any]], ...]
    words: tuple[tuple[int, int, Callable[[str], Any]], ...]
    data_length: int
    sequence: Callable[[str, int], list[Any]] | None
    sequence_places: tuple[int, ...]

    def decode(self, topics: Sequence[str], data: str) -> dict[str, Any]:
        """The arguments by name in the order of the ABI; UndecodableError for other topics or bytes."""
        if len(topics) != self.topic_count:
            raise UndecodableError(f"{self.name} has {self.topic_count} topics, not {len(topics)}")
        values: list[Any] = [None] * len(self.names)
        for place, number, read in self.indexed:
            values[place] = read(topics[number][2:])
        if self.sequence is None:
            if len(data) != self.data_length:
                raise UndecodableError(f"{self.name} has {self.data_length // 2 - 1} bytes of data")
            for place, at, read in self.words:
                values[place] = read(data[at : at + WORD])
        else:
            for place, value in zip(self.sequence_places, self.sequence(data[2:], 0), strict=True):
                values[place] = value
        return dict(zip(self.names, values, strict=True))


def layout_of(entry: Mapping[str, Any]) -> EventLayout:
    """The layout of an event of an ABI."""
    inputs = entry["inputs"]
    indexed = [place for place, one in enumerate(inputs) if one["indexed"]]
    plain = [place for place, one in enumerate(inputs) if not one["indexed"]]
    codecs = [codec_of(inputs[place]) for place in plain]
    is_flat = all(_is_word(inputs[place]["type"]) for place in plain)
    return EventLayout(
        name=str(entry["name"]),
        topic="0x" + event_abi_to_log_topic(entry).hex(),  # type: ignore[arg-type] # entries are plain JSON here
        topic_count=1 + len(indexed),
        names=tuple(field_name(one["name"]) for one in inputs),
        indexed=tuple((place, number, _topic_reader(inputs[place])) for number, place in enumerate(indexed, 1)),
        words=tuple(
            (place, 2 + WORD * number, word_reader(inputs[place]["type"])) for number, place in enumerate(plain)
        )
        if is_flat
        else (),
        data_length=2 + WORD * len(plain),
        sequence=None if is_flat else sequence_reader(codecs),
        sequence_places=tuple(plain),
    )


class EventDecoder:
    """All events of a set of contracts, given as addresses by name."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._names = {address.lower(): name for name, address in addresses.items()}
        self._layouts = {
            (address.lower(), layout.topic): layout for name, address in addresses.items() for layout in layouts(name)
        }

    def decode(self, log: Mapping[str, Any]) -> ChainEvent:
        """The event of a log as the node gave it; one that is not understood is kept as it is, never dropped."""
        address, topics = log["address"].lower(), log["topics"]
        layout = self._layouts.get((address, topics[0])) if topics else None
        name: str | None = None
        try:
            if layout is None:
                raise UndecodableError(f"no event of {address} has the topics {topics}")
            args, name = layout.decode(topics, log["data"]), layout.name
        except UndecodableError:
            args = {"topics": topics, "data": log["data"]}
        return ChainEvent(
            int(log["blockNumber"], 16),
            int(log["logIndex"], 16),
            log["blockHash"],
            log["transactionHash"],
            self._names.get(address, address),
            name,
            tuple(topics[1:]),
            args,
        )


def events_of(decoder: EventDecoder, found: ReadRange) -> list[ChainEvent]:
    """The events of a range in chain order; CheckFailed `logs_differ` for logs out of the range or given twice."""
    events = sorted((decoder.decode(log) for log in found.logs), key=lambda one: (one.block_number, one.log_index))
    is_inside = not events or found.first <= events[0].block_number <= events[-1].block_number <= found.last.number
    if not is_inside or any(one[:2] == other[:2] for one, other in pairwise(events)):
        raise CheckFailed(
            "logs_differ",
            f"the node gives logs twice, or from outside of blocks {found.first} to {found.last.number}: "
            "try again, or use another node",
        )
    return events


@contextmanager
def collection_paused() -> Iterator[None]:
    """No search for unreachable cycles in the block: the events of a range all live, and looking at each of them again
    and again would cost more than decoding them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@cache
def layouts(contract: str) -> tuple[EventLayout, ...]:
    """The layouts of all events of a contract, by its committed ABI."""
    return tuple(layout_of(entry) for entry in load_artifact(contract)["abi"] if entry["type"] == "event")


def _is_word(type_name: str) -> bool:
    try:
        word_reader(type_name)
    except UndecodableError:
        return False
    return "[" not in type_name


def _topic_reader(entry: Mapping[str, Any]) -> Callable[[str], Any]:
    """An indexed argument longer than a word is its hash: nobody can read it back."""
    return word_reader(entry["type"] if _is_word(entry["type"]) else "bytes32")
