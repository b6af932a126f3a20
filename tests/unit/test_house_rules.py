"""Small files, small functions, and a docstring for everything that is public."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("gettone", "oracle", "api", "cli", "contracts", "scripts", "bench")
GENERATED = ("verify_bundle/verify.py",)
# One table has as many lines as columns; cutting its creation in two would help nobody.
ONE_TABLE = "migrations/versions/"
FILE_LINES = 250
# An interface is the manual of its contract: words, not code.
MANUALS, MANUAL_LINES = "contracts/interfaces/", 400
FUNCTION_LINES = 45

SOURCES = sorted(
    path
    for room in ROOMS
    for pattern in ("*.py", "*.sol", "*.sh")
    for path in (ROOT / room).rglob(pattern)
    if not path.as_posix().endswith(GENERATED)
)
MODULES = [path for path in SOURCES if path.suffix == ".py"]

pytestmark = pytest.mark.unit


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions_of(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files__each__stay_under_the_limit(path: Path) -> None:
    limit = MANUAL_LINES if name_of(path).startswith(MANUALS) else FILE_LINES
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions__each__stay_under_the_limit(path: Path) -> None:
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in functions_of(path)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= FUNCTION_LINES
    }
    if ONE_TABLE in path.as_posix():
        long = {name: lines for name, lines in long.items() if not name.startswith("_create_")}
    assert not long


def test_functions__all_of_the_project__are_short_as_a_rule() -> None:
    lengths = sorted(
        node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in functions_of(path)
        if node.end_lineno is not None
    )
    assert lengths[len(lengths) // 2] <= 12
