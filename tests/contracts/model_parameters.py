"""Reward models as the contract's struct, from the table of vectors that the Python side is tested with too."""

import json
from pathlib import Path

CASES = json.loads(Path("tests/vectors/model_parameters.json").read_text(encoding="utf-8"))["cases"]
AMOUNTS = ("budgetUnits", "rateUnitsPerKwh", "rateUnitsPerDay")


def as_struct(parameters: dict) -> tuple:
    """`IRewardModels.Parameters` as nested tuples: the fields stand in the order of the struct."""
    return tuple(
        as_struct(value) if isinstance(value, dict) else int(value) if name in AMOUNTS else value
        for name, value in parameters.items()
    )


def expressible(*, ok: bool) -> list[dict]:
    """The cases that the struct can express, accepted or refused ones."""
    return [case for case in CASES if case["parameters"] is not None and case["ok"] is ok]


def named(name: str) -> tuple:
    """Struct of the case of this name."""
    (case,) = [case for case in CASES if case["name"] == name]
    return as_struct(case["parameters"])


POOL_MODEL = named("self-consumption, pool, defaults")
OTHER_MODEL = named("no peaks, pool, defaults")
