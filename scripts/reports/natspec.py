"""The contracts as the compiler's syntax tree tells them: documentation, and what a function refuses and emits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import build_contracts
import solcx

from reports.pages import ROOT

Node = dict[str, Any]


@dataclass(frozen=True)
class Documentation:
    """NatSpec of one declaration, its Markdown kept."""

    title: str = ""
    text: str = ""
    params: dict[str, str] = field(default_factory=dict)
    returns: list[str] = field(default_factory=list)


class Sources:
    """All contracts compiled once; nodes of the syntax trees by their ids."""

    def __init__(self) -> None:
        build = build_contracts.BUILDS[0]
        self._paths = {name: build.source(name) for name in build_contracts.CONTRACTS}
        selection = {"*": {"": ["ast"], "*": ["abi", "evm.methodIdentifiers"]}}
        document = {
            "language": "Solidity",
            "sources": {path: {"content": (ROOT / path).read_text()} for path in self._paths.values()},
            "settings": {**build_contracts.compiler_settings(build), "outputSelection": selection},
        }
        self._output = solcx.compile_standard(
            document, base_path=str(ROOT), allow_paths=str(ROOT), solc_binary=build_contracts.compiler()
        )
        self._nodes: dict[int, Node] = {}
        self._files: dict[int, str] = {}
        for path, source in self._output["sources"].items():
            self._files[source["id"]] = path
            for node in _walk(source["ast"]):
                if "id" in node:
                    self._nodes[node["id"]] = node

    def abi(self, name: str) -> list[Node]:
        """ABI of a contract, each function with its 4-byte `selector` in hexadecimal."""
        compiled = self._output["contracts"][self._paths[name]][name]
        selectors = compiled["evm"]["methodIdentifiers"]
        return [entry | {"selector": selectors.get(signature(entry), "")} for entry in compiled["abi"]]

    def bases(self, name: str) -> list[Node]:
        """The contract and what it inherits, the most derived first."""
        tree = self._output["sources"][self._paths[name]]["ast"]
        own = next(node for node in tree["nodes"] if node.get("name") == name)
        return [self._nodes[number] for number in own["linearizedBaseContracts"]]

    def interface(self, name: str) -> Node | None:
        """The interface of a contract, `I` and its name, which is its manual."""
        return next((base for base in self.bases(name) if base["name"] == f"I{name}"), None)

    def text(self, node: Node) -> str:
        """Source text of a node."""
        start, length, file = map(int, node["src"].split(":"))
        return (ROOT / self._files[file]).read_bytes()[start : start + length].decode()

    def documentation(self, node: Node) -> Documentation:
        """NatSpec of a node, none for what only inherits it; from the source, since the tree has no empty lines."""
        raw = node.get("documentation")
        if not raw:
            return Documentation()
        tags: list[str] = []
        for line in self.text(raw).splitlines():
            words = re.sub(r"^\s*(///|/\*\*|\*/|\*) ?", "", line).rstrip().removesuffix("*/")
            if words.startswith("@") or not tags:
                tags.append(words if words.startswith("@") else f"@notice {words}")
            else:
                tags[-1] += f"\n{words}"
        return _parsed(tags)

    def declarations(self, name: str, kind: str) -> list[Node]:
        """Declarations of a kind in a contract and its bases: `FunctionDefinition`, `ErrorDefinition` and so on."""
        return [node for base in self.bases(name) for node in base["nodes"] if node["nodeType"] == kind]

    def function(self, name: str, selector: str) -> tuple[Node | None, Documentation]:
        """Implementation of a function, and the nearest documentation of it along its bases."""
        found = [
            node
            for kind in ("FunctionDefinition", "VariableDeclaration")
            for node in self.declarations(name, kind)
            if node.get("functionSelector") == selector
        ]
        body = next((node for node in found if node.get("body")), None)
        return body, next((doc for doc in map(self.documentation, found) if doc.text), Documentation())

    def effects(self, name: str, function: Node) -> tuple[list[str], list[str]]:
        """Names of the errors a function may revert with and of the events it may emit, itself or through the
        internal functions it reaches; what other contracts refuse or emit is told on their pages."""
        overrides = self._overrides(name)
        seen: set[int] = set()
        names: dict[str, set[str]] = {"RevertStatement": set(), "EmitStatement": set()}
        waiting = [function]
        while waiting:
            node = waiting.pop()
            if node["id"] in seen:
                continue
            seen.add(node["id"])
            for part in _walk(node):
                if part["nodeType"] in names:
                    call = part.get("errorCall") or part["eventCall"]
                    names[part["nodeType"]].add(self._nodes[call["expression"]["referencedDeclaration"]]["name"])
                target = self._nodes.get(part.get("referencedDeclaration", -1), {})
                if target.get("nodeType") in ("FunctionDefinition", "ModifierDefinition"):
                    waiting.append(overrides.get(target["id"], target))
        return sorted(names["RevertStatement"]), sorted(names["EmitStatement"])

    def _overrides(self, name: str) -> dict[int, Node]:
        """By the id of an overridden function, the most derived one with a body."""
        found: dict[int, Node] = {}
        for node in self.declarations(name, "FunctionDefinition"):
            if node.get("body"):
                waiting = list(node.get("baseFunctions", []))
                while waiting:
                    base = waiting.pop()
                    found.setdefault(base, node)
                    waiting += self._nodes[base].get("baseFunctions", [])
        return found


def signature(entry: Node) -> str:
    """Canonical signature of an ABI entry."""
    return f"{entry.get('name', '')}({','.join(map(canonical, entry.get('inputs', [])))})"


def canonical(parameter: Node) -> str:
    """Canonical type of an ABI parameter, structures as tuples."""
    if not parameter["type"].startswith("tuple"):
        return str(parameter["type"])
    return f"({','.join(map(canonical, parameter['components']))}){parameter['type'].removeprefix('tuple')}"


def _parsed(tags: list[str]) -> Documentation:
    title, texts, params, returns = "", list[str](), dict[str, str](), list[str]()
    for tag in tags:
        kind, _, rest = tag.partition(" ")
        if kind == "@title":
            title = " ".join(rest.split())
        elif kind in ("@notice", "@dev"):
            texts.append(rest.strip())
        elif kind == "@param":
            name, _, said = rest.strip().partition(" ")
            params[name] = " ".join(said.split())
        elif kind == "@return":
            returns.append(" ".join(rest.split()))
    return Documentation(title, "\n\n".join(texts), params, returns)


def _walk(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        if "nodeType" in node:
            yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)
