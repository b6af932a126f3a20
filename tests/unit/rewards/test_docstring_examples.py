"""The examples in the docstrings of the rules are run."""

import doctest
import importlib
import pkgutil

import pytest

import gettone.rewards

pytestmark = pytest.mark.unit

MODULES = [f"gettone.rewards.{one.name}" for one in pkgutil.iter_modules(gettone.rewards.__path__)]
WITH_EXAMPLES = {
    "allocation",
    "combined",
    "document",
    "fields",
    "model",
    "no_peaks",
    "self_consumption",
    "sharing_keys",
}


@pytest.mark.parametrize("name", MODULES)
def test_examples__of_each_module__come_out(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
    assert bool(result.attempted) == (name.rpartition(".")[2] in WITH_EXAMPLES)
