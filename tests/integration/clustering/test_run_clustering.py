"""Grouping a community's curves: stored once, found again with the same letters, shown to whom it may be shown."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from cli.main import app
from gettone.clustering.grouping import Distance, Normalisation
from gettone.db.engine import Database
from gettone.db.repositories.clusters import Clusters
from gettone.db.tables import DerivedSeriesData
from gettone.errors import GettoneError, InputError, MissingInput, Refused
from gettone.types import Direction
from gettone.vault import Vault
from oracle.clustering.request import By, Mode, Request
from oracle.clustering.run import run_clustering
from oracle.clustering.shown import Audience, shown_to
from tests.factories.clustered import (
    DAYS,
    FROM_SLOT,
    PERIOD,
    SLUG,
    ClusteredCommunity,
    register_curves,
    repeated,
    store_readings,
)
from tests.factories.curves import HEIGHTS, MORNING, shapes
from tests.factories.metering import contents

pytestmark = pytest.mark.database

TABLES = ("cluster_groups", "clusters", "clusters_users_time", "clusters_devices_time", "derived_series")
REQUEST = Request(SLUG, PERIOD)


@pytest.fixture
def community(database: Database, vault: Vault) -> ClusteredCommunity:
    """Seven early risers and six who dine at home."""
    return seven_and_six(database, vault)


@pytest.fixture
def at_home(embedded: Database, vault: Vault) -> ClusteredCommunity:
    """The same in the embedded database."""
    return seven_and_six(embedded, vault)


def seven_and_six(database: Database, vault: Vault) -> ClusteredCommunity:
    registered = register_curves(database, vault, 13)
    store_readings(database, registered.channels, repeated(shapes(7, 6)))
    return registered


def test_run__two_shapes__are_stored_with_curves_and_members(database: Database, community: ClusteredCommunity) -> None:
    group, outcome = run_clustering(database, REQUEST, now_ms=1_000)
    assert group.stable
    found = {member.member_id: one.label for one in group.clusters for member in one.members}
    assert found == outcome.idx
    risers, diners = community.members[:7], community.members[7:]
    assert {found[member] for member in risers}.isdisjoint(found[member] for member in diners)
    first = outcome.groups[0]
    assert group.clusters[0].curves == {
        "cluster_mean": first.mean_w,
        "cluster_sd": first.sd_w,
        "cluster_cv": first.cv_bp,
    }


def test_run__again__adds_nothing(database: Database, community: ClusteredCommunity) -> None:
    first, _ = run_clustering(database, REQUEST, now_ms=1_000)
    before = contents(database, *TABLES)
    second, _ = run_clustering(database, REQUEST, now_ms=2_000)
    assert second.group_id == first.group_id
    assert contents(database, *TABLES) == before


def test_run__other_period__keeps_the_letters(embedded: Database, at_home: ClusteredCommunity) -> None:
    _, first = run_clustering(embedded, REQUEST, now_ms=1_000)
    group, second = run_clustering(embedded, replace(REQUEST, period="2026-03-22/2026-04-06"), now_ms=2_000)
    assert second.idx == first.idx
    with embedded.read() as connection:
        assert len(Clusters(connection).all(at_home.community_id)) == 2
    assert group.name == "users/shape/mean"


def test_run__devices__are_kept_with_their_flow(database: Database, community: ClusteredCommunity) -> None:
    group, _ = run_clustering(database, replace(REQUEST, mode=Mode.DEVICES), now_ms=1_000)
    stored = {member.device_id for one in group.clusters for member in one.members}
    assert stored == set(community.devices)
    assert {member.flow_id for one in group.clusters for member in one.members} == {1}


def test_run__household_size__gives_the_known_groups(embedded: Database, at_home: ClusteredCommunity) -> None:
    group, _ = run_clustering(embedded, replace(REQUEST, by=By.HOUSEHOLD_SIZE), now_ms=1_000)
    assert {one.label: len(one.members) for one in group.clusters} == {"1": 7, "2": 6}
    assert group.result["index_micro"] is None


def test_run__use_type_of_devices__gives_the_known_groups(embedded: Database, at_home: ClusteredCommunity) -> None:
    group, _ = run_clustering(embedded, replace(REQUEST, by=By.USE_TYPE, mode=Mode.DEVICES), now_ms=1_000)
    assert {one.label: len(one.members) for one in group.clusters} == {"residential": 10, "shop": 3}
    assert [one.label for one in shown_to(group, Audience.MEMBER).clusters] == ["residential"]


def test_run__days_of_a_member__are_kept_by_their_first_slot(database: Database, vault: Vault) -> None:
    registered = register_curves(database, vault, 1)
    days = repeated(shapes(1, bumps=(MORNING,)))
    # From the second week on this member is up at night.
    days[:, 96 * 7 :] = np.roll(days[:, 96 * 7 :], 48, axis=1)
    store_readings(database, registered.channels, days)
    request = replace(REQUEST, mode=Mode.DAYS, member=registered.members[0])
    group, outcome = run_clustering(database, request, now_ms=1_000)
    members = [member for one in group.clusters for member in one.members]
    assert len(outcome.idx) == DAYS
    assert {member.member_id for member in members} == {registered.members[0]}
    assert min(member.from_slot or 0 for member in members) == FROM_SLOT
    assert len({member.from_slot for member in members}) == DAYS


def test_run__days_all_alike__fall_into_no_groups(embedded: Database, at_home: ClusteredCommunity) -> None:
    with pytest.raises(MissingInput, match="do not fall into groups"):
        run_clustering(embedded, replace(REQUEST, mode=Mode.DAYS, normalisation=Normalisation.NONE), now_ms=1_000)


def test_run__hourly_channels__have_24_columns(embedded: Database, vault: Vault) -> None:
    registered = register_curves(embedded, vault, 8, direction=Direction.LOAD, step_s=3600)
    store_readings(embedded, registered.channels, repeated(shapes(4, 4, columns=24), 3600), 3600)
    group, _ = run_clustering(embedded, REQUEST, now_ms=1_000)
    assert {len(one.curves["cluster_mean"]) for one in group.clusters} == {24}
    with embedded.read() as connection:
        assert connection.execute(select(func.count()).select_from(DerivedSeriesData)).scalar() == 2 * 3 * 24


def test_run__net_exchange__counts_what_is_withdrawn(embedded: Database, vault: Vault) -> None:
    registered = register_curves(embedded, vault, 8, direction=Direction.EXCHANGE)
    net = repeated(shapes(4, 4))
    net[:, ::2] = -net[:, ::2]
    store_readings(embedded, registered.channels, net)
    _, outcome = run_clustering(embedded, REQUEST, now_ms=1_000)
    assert {value for one in outcome.groups for value in one.mean_w[::2]} == {0}


def test_run__absolute_differences__are_another_kind_of_run(embedded: Database, at_home: ClusteredCommunity) -> None:
    group, _ = run_clustering(embedded, replace(REQUEST, distance=Distance.L1), now_ms=1_000)
    assert group.name == "users/shape/mean/l1"


def test_run__unstable__is_withheld_from_members(embedded: Database, vault: Vault) -> None:
    registered = register_curves(embedded, vault, 36)
    between = shapes(12, 14, 10, bumps=(MORNING, (76, 200), HEIGHTS[0]))
    store_readings(embedded, registered.channels, repeated(between * 20))
    group, _ = run_clustering(embedded, REQUEST, now_ms=1_000)
    assert not group.stable
    assert "unstable" in (shown_to(group, Audience.ADMIN).warning or "")
    with pytest.raises(Refused, match="not shown to members"):
        shown_to(group, Audience.MEMBER)


def test_run__three_members__are_too_few(embedded: Database, vault: Vault) -> None:
    registered = register_curves(embedded, vault, 3)
    store_readings(embedded, registered.channels, repeated(shapes(1, 2)))
    with pytest.raises(MissingInput, match="at least 4"):
        run_clustering(embedded, REQUEST, now_ms=1_000)


def test_run__no_readings__are_too_few(embedded: Database, vault: Vault) -> None:
    register_curves(embedded, vault, 5)
    with pytest.raises(MissingInput, match="5 are left out"):
        run_clustering(embedded, REQUEST, now_ms=1_000)


def test_run__no_load_channel__is_missing(embedded: Database, vault: Vault) -> None:
    register_curves(embedded, vault, 5, direction=Direction.PRODUCTION)
    with pytest.raises(MissingInput, match="load or withdrawal"):
        run_clustering(embedded, REQUEST, now_ms=1_000)


def test_request__member_without_days__is_refused() -> None:
    with pytest.raises(InputError, match="--mode days"):
        Request(SLUG, PERIOD, member="00")


def test_commands__run_list_show__agree(database: Database, community: ClusteredCommunity, tmp_path: Path) -> None:
    settings = {"GETTONE_DATABASE_URL": database.engine.url.render_as_string(hide_password=False)}

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["cluster", *words], env=settings)
        if isinstance(result.exception, GettoneError):
            raise result.exception
        return result.stdout

    made = json.loads(run("run", "--community", SLUG, "--period", PERIOD, "--json"))
    listed = json.loads(run("list", "--community", SLUG, "--json"))["groups"]
    picture = tmp_path / "groups.svg"
    shown = run("show", str(made["group_id"]), "--for", "member", "--language", "it", "--svg", str(picture))
    assert [one["group_id"] for one in listed] == [made["group_id"]]
    assert "picco al mattino" in shown
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.count("<polyline") == 2
    assert "Curve di carico dei membri, simili per forma" in drawn
    with pytest.raises(MissingInput, match="no grouping 99"):
        run("show", "99")
