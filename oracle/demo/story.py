"""What the demonstration does, step by step: a table of contents."""

import time
from dataclasses import dataclass
from pathlib import Path

from gettone.chain.deployment_file import deployment_path
from gettone.chain.policy_verification import record_policy
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.errors import CheckFailed
from gettone.rewards.run import RewardRun
from oracle.demo.community import FLOW, join_homes, month_start_s, register_homes, schedule_models
from oracle.demo.economy.scene import Person, Scene
from oracle.demo.economy.stories import schedule_incentives, tell_all
from oracle.demo.economy.tale import Story
from oracle.demo.people import Home, make_businesses, make_homes
from oracle.demo.proof import Checked, export, forge, verify
from oracle.demo.sample import derive_connection_points, read_homes
from oracle.demo.stage import COMMUNITY, Stage, set_stage
from oracle.import_readings import import_readings
from oracle.intake import open_intake
from oracle.settle.context import Progress
from oracle.settle.job import run_settlement
from oracle.settle.shadow import shadow_run

SETTLED = (("2016-09", "2016-10"), ("2016-10", "2016-11"))
"""Each settled month with the one in which it is settled."""
BESIDE = "no_peaks"
TAKEOUT_DATES = "2016-09-01/2016-11-01"
DAYS_LATER_S = 4 * 86_400
NOTICE_AND_A_DAY_S = 8 * 86_400


@dataclass(frozen=True, slots=True)
class Month:
    """One settled month: the run that was paid, the run beside it, and balances [u] on chain after it."""

    month: str
    settlement: SettlementRow
    paid: RewardRun
    beside: RewardRun
    balances_units: dict[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demonstration shows at its end."""

    stage: Stage
    homes: tuple[Home, ...]
    months: tuple[Month, ...]
    stories: tuple[Story, ...]
    bundle: Path
    verified: Checked
    forged: Path
    changed: str
    refused: Checked
    seconds: int


def tell(folder: Path, *, seed: str, port: int, progress: Progress) -> Outcome:
    """Run the whole demonstration in `folder`; CheckFailed when a step does not come out as it must."""
    started = time.monotonic()
    stage = set_stage(folder, port, progress)
    rows = read_homes()
    homes = make_homes([row.name for row in rows], seed)
    progress(f"joining {len(homes)} members, each with a signed consent")
    register_homes(stage, homes, rows)
    join_homes(stage, homes)
    progress("publishing one reward model of each kind on chain, with its notice")
    versions = schedule_models(stage)
    progress("publishing the incentives for services between members")
    scene = _scene(stage, homes, seed)
    schedule_incentives(scene, stage.client.now_s() + NOTICE_AND_A_DAY_S)
    progress("netting load and production to connection points")
    files = derive_connection_points(folder)
    _import(stage, files["2016-08"], "2016-09", progress)
    months = tuple(
        _settle_month(stage, homes, month, later, files[month], versions[BESIDE], progress) for month, later in SETTLED
    )
    record_policy(stage.client, deployment_path(folder / "deployments", stage.client), COMMUNITY)
    stories = _tell_stories(scene, progress)
    progress(f"writing the take-out of {homes[0].name} and verifying it with the program inside")
    bundle, verifier = export(stage, homes[0], TAKEOUT_DATES)
    verified = verify(stage, bundle, verifier)
    progress("changing one reading in a copy and verifying again")
    forged, changed = forge(bundle)
    refused = verify(stage, forged, verifier)
    _require(verified, refused)
    seconds = round(time.monotonic() - started)
    return Outcome(stage, homes, months, stories, bundle, verified, forged, changed, refused, seconds)


def _settle_month(
    stage: Stage, homes: tuple[Home, ...], month: str, later: str, file: Path, beside: int, progress: Progress
) -> Month:
    _import(stage, file, later, progress)
    context = stage.settlement_context(lambda step: progress(f"settling {month}: {step}"))
    settlement = run_settlement(context, COMMUNITY, month)
    again = run_settlement(context, COMMUNITY, month)
    if again != settlement:
        raise CheckFailed("second_run", f"the second run of {month} changed the settlement")
    progress(f"computing {BESIDE} for {month} beside it, nothing is paid")
    both = shadow_run(context, COMMUNITY, month, beside)
    if both.in_force.to_document()["result_digest"] != settlement.computed.result_digest:
        raise CheckFailed("second_run", f"computing {month} again gives another digest")
    balances = {home.member_id: stage.contracts.token.balance_of(home.wallet.address) for home in homes}
    return Month(month, settlement, both.in_force, both.shadow, balances)


def _scene(stage: Stage, homes: tuple[Home, ...], seed: str) -> Scene:
    """The homes as citizens and five businesses; every wallet signs for itself."""
    citizens = tuple(Person(home.name, home.member_id, home.wallet) for home in homes)
    return Scene(
        stage.client,
        stage.contracts,
        citizens,
        make_businesses(seed),
        stage.services.__getitem__,
        stage.sender_of,
    )


def _tell_stories(scene: Scene, progress: Progress) -> tuple[Story, ...]:
    stories = []
    for story in tell_all(scene):
        progress(f"category {story.category}: {story.title}")
        stories.append(story)
    return tuple(stories)


def _import(stage: Stage, file: Path, later: str, progress: Progress) -> None:
    """Move the chain's clock four days into the month after, and import the readings that came by then."""
    now_s = month_start_s(later) + DAYS_LATER_S
    if stage.client.now_s() < now_s:
        stage.chain.set_time(now_s)
    progress(f"importing {file.name}")
    intake = open_intake(stage.database, stage.vault, stage.folder / "lake")
    import_readings(intake, file, FLOW, now_ms=stage.client.now_s() * 1000)


def _require(verified: Checked, refused: Checked) -> None:
    if verified.exit_status != 0 or verified.report["verdict"] != "OK":
        raise CheckFailed("takeout_refused", f"the take-out does not verify: {verified.report['verdict']}")
    if refused.exit_status != 1 or not refused.report["differences"]:
        raise CheckFailed("forgery_passed", f"the forged copy was not found out: {refused.report['verdict']}")
