"""Write who may call what, and what each call costs: `docs/contracts/roles.md` and `docs/contracts/gas.md`.

    python scripts/build_contract_tables.py           writes them
    python scripts/build_contract_tables.py --check   fails if a page is stale

Roles are read from a community deployed on a local chain, gas from the figures that the forge tests keep.
"""

import json
import logging
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reports.pages import PAGES, ROOT, check_argument, publish, table, title

sys.path.insert(0, str(ROOT))

from gettone.chain.client import connect
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.role_table import FunctionRole, role_table
from gettone.chain.roles import CONTRACT_ROLES, PLATFORM_FUNCTIONS, Role
from tests.factories.community import CHAIN_START_S
from tests.factories.deployed_community import deploy_test_community

GAS = ROOT / "tests" / "forge" / "gas" / "gas.json"


@dataclass(frozen=True)
class Goal:
    """What a figure may be at most: units of gas, or permille of another figure."""

    figure: str
    limit: int
    reference: str = ""


# Specification of the contracts, section 3.
HOLDERS = {
    Role.PLATFORM_ADMIN: "the platform",
    Role.COMMUNITY_ADMIN: "one administrator of each community",
    Role.TOKEN_ADMIN: "who keeps fees, bonuses and the Treasury",
    Role.ORACLE_ADMIN: "who keeps reward models and the number of signatures",
    Role.ORACLE: "service keys, one for each operator; they also sign settlements",
    Role.REGISTRAR: "a service key that carries approved joins and replacements",
    Role.VERIFIER: "who checks services",
    Role.GUARDIAN: "who stops everything, and starts nothing",
    Role.AUDITOR: "who reads; listed so that take-outs can be addressed to it",
}

TRANSFER = "reference: transfer of OpenZeppelin's ERC-20"
GOALS = (
    Goal("pay, marginal per payout at 500, first payout of a member", 7_550),
    Goal("pay, marginal per payout at 500, later payout", 7_550),
    Goal("open, 1 signature", 200_000),
    Goal("open, first settlement of a ledger, 1 signature", 200_000),
    Goal("open, revision, 1 signature", 200_000),
    Goal("open, 3 signatures", 220_000),
    Goal("transfer between holders", 1_100, TRANSFER),
    Goal("transfer between holders with fee", 1_600, TRANSFER),
    Goal("agreement, category 1, first of a community", 450_000),
    Goal("agreement, category 1, with service fee", 450_000),
)


def main() -> int:
    """Write or check both pages; returns the exit status."""
    check = check_argument(__doc__)
    logging.basicConfig(level=logging.ERROR)
    files = {PAGES / "roles.md": roles_page(deployed_roles()), PAGES / "gas.md": gas_page()}
    return publish(files, check, "build_contract_tables")


def deployed_roles() -> list[FunctionRole]:
    """The role table of a community deployed on a fresh local chain."""
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalChain.start(Path(folder) / "chain", timestamp_s=CHAIN_START_S) as chain,
    ):
        community = deploy_test_community(chain, connect(chain.rpc_url, CHAIN_ID), Path(folder) / "deployment")
        return role_table(community.client, community.deployment, community.spec.community_id)


def roles_page(rows: list[FunctionRole]) -> str:
    """Functions by contract, then the functions of each role."""
    text = title(
        "Who may call what",
        "build_contract_tables.py",
        "Read from the permission books of a deployed set, function by function. Nobody holds ADMIN_ROLE after the "
        "deployment, so the table is final, and what belongs to ADMIN_ROLE belongs to nobody: `bind` is called by the "
        "transaction that wires a new community, and `setAuthority` answers to the permission book alone. Everything "
        "that is not restricted checks its callers by itself: a signature, a wallet, or nothing, because anybody may "
        "carry what is due.",
    )
    text += table(["contract", "function", "who may call it"], [(f"`{r.contract}`", _call(r), _who(r)) for r in rows])
    text += "## By role\n\n"
    by_role = [
        (f"`{role.name}`", _holder(role), ", ".join(f"`{r.contract}.{r.function}`" for r in rows if r.role is role))
        for role in Role
        if role is not Role.ADMIN_ROLE
    ]
    return text + table(["role", "held by", "may call"], by_role)


def _call(row: FunctionRole) -> str:
    return f"`{row.signature}`" if len(row.signature) < 80 else f"`{row.function}(…)`"


def _who(row: FunctionRole) -> str:
    if row.function == "setAuthority":
        return "the permission book itself"
    if row.role is None:
        return "anybody"
    return "nobody" if row.role is Role.ADMIN_ROLE else f"`{row.role.name}`"


def _holder(role: Role) -> str:
    if role in CONTRACT_ROLES:
        where = "the platform's" if CONTRACT_ROLES[role] in PLATFORM_FUNCTIONS else "the community's"
        return f"{where} `{CONTRACT_ROLES[role]}`"
    return HOLDERS[role]


def gas_page() -> str:
    """Figures with goals first, then all of them; SystemExit if a goal is missed or its figure missing."""
    figures = {name: int(value) for name, value in json.loads(GAS.read_text(encoding="utf-8")).items()}
    text = title(
        "Gas",
        "build_contract_tables.py",
        "Exact figures of whole transactions on the local chain, each with its base cost, calldata and cold storage; "
        "the references run in the same tests. The committed figures are compared in every run of `make test-forge`.",
    )
    text += "## Goals\n\n"
    text += table(["call", "gas", "goal", "reached"], [_goal(goal, figures) for goal in GOALS])
    text += "## All figures\n\n"
    return text + table(["call", "gas"], [(name, f"{value:,}") for name, value in sorted(figures.items())])


def _goal(goal: Goal, figures: dict[str, int]) -> tuple[str, str, str, str]:
    missing = {goal.figure, goal.reference or goal.figure} - figures.keys()
    if missing:
        raise SystemExit(f"{GAS.name} has no figure '{', '.join(sorted(missing))}'")
    found, reference = figures[goal.figure], figures.get(goal.reference)
    if found * (1000 if reference else 1) > goal.limit * (reference or 1):
        raise SystemExit(f"{goal.figure} takes {found} gas, more than its goal of {goal.limit}")
    if reference is None:
        return goal.figure, f"{found:,}", f"≤ {goal.limit:,}", f"{found * 1000 // goal.limit / 10} % of the goal"
    share = f"{-(-found * 1000 // reference) / 1000:.3f} of it"
    return goal.figure, f"{found:,}", f"≤ {goal.limit / 1000:.2f} of {reference:,} ({goal.reference})", share


if __name__ == "__main__":
    sys.exit(main())
