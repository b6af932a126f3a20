"""The permission matrix is what the specification's table says."""

import pytest

from api.matrix import Action, matrix

pytestmark = pytest.mark.unit


def action(name: str) -> Action:
    return matrix()[name]


@pytest.mark.parametrize(
    ("name", "step", "roles"),
    [
        ("community.close", "1", ("PA",)),
        ("community.close", "2", ("CA",)),
        ("model.change", "1", ("OA",)),
        ("model.change", "2", ("OA", "CA")),
        ("policy.change", "2", ("CA",)),
        ("budget.change", "2", ("TA",)),
        ("settlement.revise", "1", ("OA",)),
        ("member.list", "", ("CA", "OA", "TA", "AU", "SV")),
    ],
)
def test_roles__of_a_step__are_those_of_the_table(name: str, step: str, roles: tuple[str, ...]) -> None:
    assert action(name).roles(step) == roles


def test_matrix__platform_admin__reads_no_readings_tokens_or_wallets() -> None:
    of_platform = {one.name for one in matrix().values() if "PA" in one.letters}
    assert not {one for one in of_platform if one.split(".")[0] in ("reading", "balance", "wallet", "token", "member")}


def test_matrix__action_open_to_machines__names_a_scope() -> None:
    assert all(one.scope for one in matrix().values() if "SV" in one.letters)
