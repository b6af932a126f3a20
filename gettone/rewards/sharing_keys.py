"""Keys by which a set shares money among its members (rewards specification §6): whole weights, no rounding.

Marginal contribution and Shapley value play the game v(group) = energy the group alone would share, hour by hour
the smaller of its withdrawal and its injection.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import factorial

from gettone.errors import InputError

PLAYERS_MAX = 12

EnergyById = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SharingHour:
    """Energies [Wh] of one hour by member id; absent is 0."""

    withdrawn_wh: EnergyById
    injected_wh: EnergyById


@dataclass(frozen=True, slots=True)
class SharingMember:
    """One member of the set, with what the keys read of it over the whole period."""

    member_id: str
    is_producer: bool
    is_consumer: bool
    is_enterprise: bool
    fixed_share: int
    withdrawn_wh: int
    shared_withdrawn_wh: int
    shared_injected_wh: int


def key_weights(
    key: str,
    group: Sequence[SharingMember],
    everybody: Sequence[str],
    hours: Sequence[SharingHour],
    *,
    producers: bool,
) -> list[int]:
    """Weights of `group` by one of KEYS; `producers` tells on which side the group is paid.

    `everybody` are the players of the two keys that play a game; Shapley takes at most 12 of them.
    """
    if key in _BY_FIGURE:
        return [_BY_FIGURE[key](member, producers) for member in group]
    worth = GAMES[key](everybody, hours)
    return [worth[member.member_id] for member in group]


def marginal_contributions_wh(players: Sequence[str], hours: Sequence[SharingHour]) -> dict[str, int]:
    """Shared energy [Wh] that is lost if one player leaves: v(all) - v(all but the player).

    >>> marginal_contributions_wh(["P", "C1", "C2"], [SharingHour({"C1": 6, "C2": 8}, {"P": 10})])
    {'P': 10, 'C1': 2, 'C2': 4}
    """
    lost_wh = dict.fromkeys(players, 0)
    for hour in hours:
        withdrawn_wh = [hour.withdrawn_wh.get(player, 0) for player in players]
        injected_wh = [hour.injected_wh.get(player, 0) for player in players]
        all_withdrawn_wh, all_injected_wh = sum(withdrawn_wh), sum(injected_wh)
        shared_wh = min(all_withdrawn_wh, all_injected_wh)
        for player, own_withdrawn_wh, own_injected_wh in zip(players, withdrawn_wh, injected_wh, strict=True):
            without_wh = min(all_withdrawn_wh - own_withdrawn_wh, all_injected_wh - own_injected_wh)
            lost_wh[player] += shared_wh - without_wh
    return lost_wh


def shapley_values(players: Sequence[str], hours: Sequence[SharingHour]) -> dict[str, int]:
    """Exact Shapley values, multiplied by n! so that they are whole [Wh * n!]; at most 12 players.

    >>> shapley_values(["P", "C1", "C2"], [SharingHour({"C1": 6, "C2": 8}, {"P": 10})])
    {'P': 34, 'C1': 10, 'C2': 16}
    """
    count = len(players)
    if count > PLAYERS_MAX:
        raise InputError(
            "shapley_players", f"the Shapley key takes at most {PLAYERS_MAX} members, and the set has {count}"
        )
    worth_wh = _coalition_worths_wh(players, hours)
    orders = [factorial(size) * factorial(count - size - 1) for size in range(count)]
    values = dict.fromkeys(players, 0)
    for coalition, before_wh in enumerate(worth_wh):
        for at, player in enumerate(players):
            if not coalition >> at & 1:
                gain_wh = worth_wh[coalition | 1 << at] - before_wh
                values[player] += orders[coalition.bit_count()] * gain_wh
    return values


def _coalition_worths_wh(players: Sequence[str], hours: Sequence[SharingHour]) -> list[int]:
    worth_wh = [0] * (1 << len(players))
    for hour in hours:
        withdrawn_wh, injected_wh = [0], [0]
        for player in players:
            own_withdrawn_wh, own_injected_wh = hour.withdrawn_wh.get(player, 0), hour.injected_wh.get(player, 0)
            withdrawn_wh += [others_wh + own_withdrawn_wh for others_wh in withdrawn_wh]
            injected_wh += [others_wh + own_injected_wh for others_wh in injected_wh]
        worth_wh = [before + min(w, j) for before, w, j in zip(worth_wh, withdrawn_wh, injected_wh, strict=True)]
    return worth_wh


_BY_FIGURE: dict[str, Callable[[SharingMember, bool], int]] = {
    "equal": lambda member, producers: 1,
    "fixed": lambda member, producers: member.fixed_share,
    "consumption": lambda member, producers: member.withdrawn_wh,
    "shared_energy": lambda member, producers: member.shared_injected_wh if producers else member.shared_withdrawn_wh,
}
GAMES = {"marginal_contribution": marginal_contributions_wh, "shapley": shapley_values}
KEYS = (*_BY_FIGURE, *GAMES)
