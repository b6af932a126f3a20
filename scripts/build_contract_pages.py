"""Write the reference of the contracts, `docs/contracts/reference/<Contract>.md`, from their interfaces.

    python scripts/build_contract_pages.py           writes them
    python scripts/build_contract_pages.py --check   fails if a page is stale

The words are those of the NatSpec in `contracts/interfaces`; who may call a function is the table of
`gettone.chain.roles`, what it refuses and emits is followed through the code by the compiler's syntax tree.
"""

import sys

import build_contracts
from reports.natspec import Documentation, Node, Sources
from reports.pages import PAGES, check_argument, publish, table, title

from gettone.chain.roles import COMMUNITY_FUNCTIONS, DEPLOYMENT_FUNCTIONS, PLATFORM_FUNCTIONS, PUBLIC_FUNCTIONS

ROLES = COMMUNITY_FUNCTIONS | PLATFORM_FUNCTIONS
EXTERNAL = ("AccessManager",)  # OpenZeppelin's own documentation tells it


def main() -> int:
    """Write or check the pages; returns the exit status."""
    sources = Sources()
    names = [name for name in build_contracts.CONTRACTS if name not in EXTERNAL]
    files = {PAGES / "reference" / f"{name}.md": page(sources, name) for name in names}
    return publish(files, check_argument(__doc__), "build_contract_pages", owned="reference/*.md")


def page(sources: Sources, name: str) -> str:
    """Reference of one contract."""
    interface = sources.interface(name)
    head = sources.documentation(interface) if interface else Documentation()
    entries = [entry for entry in sources.abi(name) if entry["type"] == "function"]
    writing = [entry for entry in entries if entry["stateMutability"] not in ("view", "pure")]
    reading = [entry for entry in entries if entry not in writing]
    text = title(name, "build_contract_pages.py", f"**{head.title}.** {head.text}" if head.title else head.text)
    text += "## Functions that change something\n\n"
    rows = [(_link(entry), who_may_call(name, entry["name"])) for entry in writing]
    text += table(["function", "who may call it"], rows)
    text += "".join(_function(sources, name, entry) for entry in writing)
    text += "## Views\n\n" + "".join(_function(sources, name, entry) for entry in reading)
    text += _declared(sources, name, "EventDefinition", "Events")
    text += _declared(sources, name, "ErrorDefinition", "Errors")
    return text + _structures(sources, name)


def who_may_call(contract: str, function: str) -> str:
    """The role of a function in words; SystemExit if no table names the function."""
    if function in DEPLOYMENT_FUNCTIONS.get(contract, ()):
        return "nobody: only the transaction that wires a new community"
    if function == "setAuthority":
        return "nobody: it answers to the permission book alone, which no account administers"
    role = ROLES[contract].get(function)
    if role is None and function not in PUBLIC_FUNCTIONS[contract]:
        raise SystemExit(f"no table of gettone.chain.roles says who may call {contract}.{function}")
    return "anybody" if role is None else f"`{role.name}`"


def _function(sources: Sources, name: str, entry: Node) -> str:
    body, said = sources.function(name, entry["selector"])
    text = f"### `{_heading(entry)}`\n\nSelector `0x{entry['selector']}`."
    if entry["stateMutability"] not in ("view", "pure"):
        text += f" Caller: {who_may_call(name, entry['name'])}."
    text += f"\n\n{said.text}\n\n" if said.text else "\n\n"
    if entry["inputs"]:
        rows = [
            (f"`{one['name'] or '(unnamed)'}`", f"`{_type(one)}`", said.params.get(one["name"], ""))
            for one in entry["inputs"]
        ]
        text += table(["parameter", "type", "meaning"], rows)
    if entry["outputs"]:
        texts = [*said.returns, *[""] * len(entry["outputs"])]
        rows = [
            (f"`{one['name']}`" if one["name"] else "", f"`{_type(one)}`", meaning.removeprefix(f"{one['name']} "))
            for one, meaning in zip(entry["outputs"], texts, strict=False)
        ]
        text += table(["returns", "type", "meaning"], rows)
    return text + (_effects(sources, name, body) if body else "")


def _effects(sources: Sources, name: str, body: Node) -> str:
    errors, events = sources.effects(name, body)
    lines = []
    if errors:
        lines.append("Refuses with " + ", ".join(f"`{one}`" for one in errors) + ".")
    if events:
        lines.append("Emits " + ", ".join(f"`{one}`" for one in events) + ".")
    return " ".join(lines) + "\n\n" if lines else ""


def _declared(sources: Sources, name: str, kind: str, heading: str) -> str:
    entries = {entry["name"]: entry for entry in sources.abi(name) if entry["type"] == kind[:5].lower().rstrip("d")}
    said = {node["name"]: sources.documentation(node).text for node in reversed(sources.declarations(name, kind))}
    rows = [(f"`{one}({_arguments(entry)})`", said.get(one, "")) for one, entry in sorted(entries.items())]
    return f"## {heading}\n\n" + table([heading.lower().removesuffix("s"), "meaning"], rows) if rows else ""


def _heading(entry: Node) -> str:
    return f"{entry['name']}({', '.join(map(_type, entry['inputs']))})"


def _arguments(entry: Node) -> str:
    return ", ".join(f"{_type(one)} {one['name']}" for one in entry["inputs"])


def _structures(sources: Sources, name: str) -> str:
    interface = sources.interface(name)
    nodes = [node for node in (interface or {"nodes": []})["nodes"] if node["nodeType"] == "StructDefinition"]
    if not nodes:
        return ""
    blocks = [
        f"{sources.documentation(node).text}\n\n```solidity\n{_unindented(sources.text(node))}\n```\n" for node in nodes
    ]
    return "## Structures\n\n" + "\n".join(blocks)


def _unindented(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.splitlines())


def _type(parameter: Node) -> str:
    """Type as the source names it: structures by their names."""
    internal = str(parameter.get("internalType", parameter["type"]))
    return internal.removeprefix("struct ").removeprefix("contract ").split(".")[-1]


def _link(entry: Node) -> str:
    anchor = "".join(sign for sign in _heading(entry).replace(" ", "-").lower() if sign.isalnum() or sign in "_-")
    return f"[`{entry['name']}`](#{anchor})"


if __name__ == "__main__":
    sys.exit(main())
