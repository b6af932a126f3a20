"""The job that groups the load curves of a community and stores what it found."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection

from gettone.clustering.curves import Curves, Series, day_curves, mean_work_day_curves
from gettone.clustering.grouping import Progress
from gettone.clustering.labels import PreviousGroup
from gettone.clustering.outcome import MICRO, CurveGroup, Outcome, group_by_shape, group_by_value
from gettone.db.columns import SLOT_S
from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.clusters import ClusterRow, Clusters, GroupRow, MemberCurve
from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.households import first_flows, household_sizes, use_types
from gettone.db.repositories.reference import Reference
from gettone.errors import MissingInput
from gettone.metering.calendar.holidays import holidays_between
from gettone.periods import load_zone, local_date, midnight_s, parse_period
from gettone.types import SettlementPeriod
from oracle.clustering.load_series import load_series
from oracle.clustering.request import By, Mode, Request


def run_clustering(
    database: Database, request: Request, *, now_ms: int, progress: Progress | None = None
) -> tuple[GroupRow, Outcome]:
    """Group the curves of a community and store the groups; returns what is stored, and the outcome in full.

    1. read the load of the period   2. curves   3. groups, with the letters of the previous run of the same kind
    4. store; the same request over the same readings finds the stored run and adds nothing.

    Raises MissingInput for an unknown community or member, too few curves, or none that fall into groups.
    """
    with database.read() as connection:
        community = Communities(connection).get(request.community)
        member_id = _member_id(connection, community, request)
        curves = _curves(connection, community, request, member_id)
        input_batch = Batches(connection).highest()
        name = request.name_for(member_id)
        previous = Clusters(connection).latest(community.community_id, name)
        values = _values(connection, community, request)
    outcome = (
        group_by_shape(curves, request.normalisation, request.distance, _previous_groups(previous), progress)
        if request.by is By.SHAPE
        else group_by_value(curves, values, request.normalisation)
    )
    with database.write() as connection:
        group = _group_row(connection, community, request, member_id, outcome, input_batch, now_ms)
        stored = Clusters(connection).latest(community.community_id, name)
        if stored is not None and (stored.config, stored.result) == (group.config, group.result):
            return stored, outcome
        return Clusters(connection).get(Clusters(connection).add(group)), outcome


def _member_id(connection: Connection, community: CommunityRow, request: Request) -> str | None:
    if request.member is None:
        return None
    return Communities(connection).member(community.community_id, request.member).member_id


def _curves(connection: Connection, community: CommunityRow, request: Request, member_id: str | None) -> Curves:
    period, zone = parse_period(request.period, community.tz), load_zone(community.tz)
    if request.mode is Mode.DAYS:
        series = load_series(connection, community.community_id, period, lambda one: one.member_id)
        return day_curves(series if member_id is None else _only(series, member_id), zone)
    by_member = request.mode is Mode.USERS
    series = load_series(
        connection, community.community_id, period, lambda one: one.member_id if by_member else str(one.device_id)
    )
    return mean_work_day_curves(series, zone, _holidays(connection, period))


def _only(series: Series, member_id: str) -> Series:
    if member_id not in series.names:
        raise MissingInput("no_load", f"member {member_id[:8]}… has no channel of load or withdrawal in this period")
    return series.only(member_id)


def _holidays(connection: Connection, period: SettlementPeriod) -> frozenset[date]:
    first = local_date(period.start_s, period.timezone)
    last = local_date(period.end_s - 1, period.timezone) + timedelta(days=1)
    return holidays_between(first, last, Reference(connection).holidays())


def _values(connection: Connection, community: CommunityRow, request: Request) -> Mapping[str, str]:
    """What is known beforehand of each curve; nothing where the shape decides."""
    if request.by is By.SHAPE:
        return {}
    if request.by is By.HOUSEHOLD_SIZE:
        sizes = household_sizes(connection, community.community_id)
        return _of_devices(connection, community, sizes) if request.mode is Mode.DEVICES else sizes
    types = use_types(connection, community.community_id)
    return {
        str(one.device_id) if request.mode is Mode.DEVICES else one.member_id: one.use_type
        for one in types
        if one.use_type is not None
    }


def _of_devices(connection: Connection, community: CommunityRow, sizes: Mapping[str, str]) -> dict[str, str]:
    held = use_types(connection, community.community_id)
    return {str(one.device_id): sizes[one.member_id] for one in held if one.member_id in sizes}


def _previous_groups(previous: GroupRow | None) -> tuple[PreviousGroup, ...]:
    if previous is None:
        return ()
    centroids: Mapping[str, list[int]] = previous.result["centroids_micro"]
    return tuple(PreviousGroup(label, tuple(one / MICRO for one in values)) for label, values in centroids.items())


def _group_row(
    connection: Connection,
    community: CommunityRow,
    request: Request,
    member_id: str | None,
    outcome: Outcome,
    input_batch: int,
    now_ms: int,
) -> GroupRow:
    flows = first_flows(connection) if request.mode is Mode.DEVICES else {}
    zone = load_zone(community.tz)

    def curve_of(name: str) -> MemberCurve:
        if request.mode is Mode.DAYS:
            return MemberCurve(member_id, from_slot=midnight_s(date.fromisoformat(name), zone) // SLOT_S)
        if request.mode is Mode.DEVICES:
            return MemberCurve(device_id=int(name), flow_id=flows[int(name)])
        return MemberCurve(name)

    result = outcome.to_document() | {"input_batch": input_batch}
    if request.mode is Mode.DAYS:
        result["idx"] = outcome.idx
    return GroupRow(
        None,
        request.name_for(member_id),
        f"{request.mode} of {community.slug} in {request.period} by {request.by}, {request.normalisation}",
        community.community_id,
        now_ms,
        request.to_document(),
        result,
        outcome.stable,
        tuple(_cluster_row(one, tuple(curve_of(name) for name in one.members)) for one in outcome.groups),
    )


def _cluster_row(group: CurveGroup, members: tuple[MemberCurve, ...]) -> ClusterRow:
    curves = {"cluster_mean": group.mean_w, "cluster_sd": group.sd_w, "cluster_cv": group.cv_bp}
    return ClusterRow(group.label, f"{group.facts.english} / {group.facts.italian}", curves, members)
