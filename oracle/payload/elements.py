"""XML of a payload, element by element: no document types, no entities, nothing fetched, memory bounded."""

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from gettone.metering.codes import Code
from oracle.payload.refusals import unusable

MAX_DEPTH = 32


def open_xml(source: BinaryIO, root_name: str, item_names: tuple[str, ...]) -> tuple[Element, Iterator[Element]]:
    """The root with its attributes, and its direct children called one of `item_names`, each complete, in order.

    Names are compared without their namespace.  Each element is emptied after use.  Raises InputError F_SCHEMA for
    anything but well-formed XML under a root called `root_name`, for document types, entities, and nesting beyond
    32 levels, F_ENCODING for an encoding it declares and breaks.
    """
    events = _events(source)
    _, root = next(events)
    if local_name(root) != root_name:
        raise unusable(Code.F_SCHEMA, f"begins with another element than {root_name}")
    return root, _items(root, events, item_names)


def _items(root: Element, events: Iterator[tuple[str, Element]], item_names: tuple[str, ...]) -> Iterator[Element]:
    depth = 1
    for kind, element in events:
        depth += 1 if kind == "start" else -1
        if depth > MAX_DEPTH:
            raise unusable(Code.F_SCHEMA, f"is nested more than {MAX_DEPTH} levels deep")
        if kind == "end" and depth == 1:
            if local_name(element) in item_names:
                yield element
            root.clear()


def local_name(element: Element) -> str:
    """Name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element, name: str) -> Element | None:
    """The first direct child of a name."""
    return next((one for one in element if local_name(one) == name), None)


def text_of(element: Element, *path: str) -> str:
    """Text under a path of direct children, stripped; empty where there is none."""
    found: Element | None = element
    for name in path:
        found = child(found, name) if found is not None else None
    return (found.text or "").strip() if found is not None else ""


def _events(source: BinaryIO) -> Iterator[tuple[str, Element]]:
    try:
        parsed: Any = iterparse(source, events=("start", "end"), forbid_dtd=True)
        yield from parsed
    except DefusedXmlException:
        raise unusable(
            Code.F_SCHEMA, "declares a document type or an entity, which is never accepted: remove it"
        ) from None
    except ParseError as failure:
        raise unusable(Code.F_SCHEMA, f"is not well-formed XML: {str(failure)[:120]}") from None
    except (LookupError, UnicodeError, ValueError):
        raise unusable(Code.F_ENCODING, "declares an encoding that is unknown, or is not written in it") from None
