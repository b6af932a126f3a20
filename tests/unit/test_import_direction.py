"""Folders point one way: gettone ← oracle, api ← cli; the rules and the notary stand alone."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gettone", "oracle", "api", "cli")
BELOW = {"gettone": set(), "oracle": {"gettone"}, "api": {"gettone"}, "cli": {"gettone", "oracle", "api"}}
PURE = {
    "gettone.rewards": {"gettone.rewards", "gettone.types", "gettone.errors", "gettone.jcs"},
    "gettone.notary": {"gettone.notary", "gettone.types", "gettone.errors", "gettone.jcs"},
}
MODULES = sorted(path for package in PACKAGES if (ROOT / package).is_dir() for path in (ROOT / package).rglob("*.py"))

pytestmark = pytest.mark.unit


def imported_names(path: Path) -> set[str]:
    """Absolute names of all modules a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports__each_module__points_down_only(path: Path) -> None:
    own = module_name(path).split(".")[0]
    tops = {name.split(".")[0] for name in imported_names(path)}
    wrong = (tops & set(PACKAGES)) - BELOW[own] - {own}
    assert not wrong, f"{module_name(path)} must not import {sorted(wrong)}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports__pure_packages__use_the_standard_library_alone(path: Path) -> None:
    name = module_name(path)
    allowed = next((names for package, names in PURE.items() if name.startswith(package + ".")), None)
    if allowed is None:
        assert name.split(".")[0] in PACKAGES
        return
    for imported in imported_names(path):
        inside = any(imported == one or imported.startswith(one + ".") for one in allowed)
        assert inside or imported.split(".")[0] in sys.stdlib_module_names, f"{name} imports {imported}"
