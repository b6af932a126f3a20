"""What a grouping says about its curves: one group each with members, mean curve, spread and words (§5.2.5)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gettone.clustering.curves import Curves, FloatArray
from gettone.clustering.facts import Facts, facts_of
from gettone.clustering.grouping import (
    Distance,
    Grouping,
    LabelArray,
    Normalisation,
    Progress,
    group,
    normalised,
    silhouette_of,
)
from gettone.clustering.labels import PreviousGroup, assign_labels
from gettone.errors import MissingInput

# A group of fewer says too much about each of its members to be shown to the others (§6).
SHOWN_TO_MEMBERS = 5
MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class CurveGroup:
    """One group of curves.

    label: a letter that stays with the group from run to run, or the value of a given group.
    members: names of its curves.  mean_w, sd_w: mean curve and population standard deviation by column [W].
    cv_bp: coefficient of variation by column [1/100 %], 0 where the mean is 0.  centroid_micro: the mean of the
    normalised curves in millionths, by which the next run knows the group again.
    """

    label: str
    facts: Facts
    members: tuple[str, ...]
    mean_w: tuple[int, ...]
    sd_w: tuple[int, ...]
    cv_bp: tuple[int, ...]
    centroid_micro: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Groups by label, and how well they hold: silhouettes by k, index of stability (None for given groups)."""

    groups: tuple[CurveGroup, ...]
    silhouettes: Mapping[int, float]
    index: float | None
    stable: bool
    step_s: int
    left_out: tuple[tuple[str, str], ...]

    @property
    def idx(self) -> dict[str, str]:
        """The label of the group of each curve, the report's vector idx."""
        return {name: one.label for one in self.groups for name in one.members}

    def for_members(self) -> tuple[CurveGroup, ...]:
        """What members may see: groups of 5 and more, and nothing of an unstable grouping."""
        return tuple(one for one in self.groups if self.stable and len(one.members) >= SHOWN_TO_MEMBERS)

    def to_document(self) -> dict[str, Any]:
        """The figures of the run for `cluster_groups.result`; silhouettes and index in millionths.

        Names stay out of it: who is erased must not live on in a document.
        """
        return {
            "k": len(self.groups),
            "silhouettes_micro": {str(k): round(value * MICRO) for k, value in self.silhouettes.items()},
            "index_micro": None if self.index is None else round(self.index * MICRO),
            "stable": self.stable,
            "step_s": self.step_s,
            "sizes": {one.label: len(one.members) for one in self.groups},
            "texts": {one.label: {"en": one.facts.english, "it": one.facts.italian} for one in self.groups},
            "centroids_micro": {one.label: list(one.centroid_micro) for one in self.groups},
            "left_out": dict(sorted(Counter(reason for _, reason in self.left_out).items())),
        }


def group_by_shape(
    curves: Curves,
    normalisation: Normalisation = Normalisation.MEAN,
    distance: Distance = Distance.L2,
    previous: Sequence[PreviousGroup] = (),
    progress: Progress | None = None,
) -> Outcome:
    """Groups found in the curves, with labels of the previous run where it had some.

    MissingInput `too_few_curves` for fewer than 4 curves, `no_grouping` where no k gives groups that are large
    enough.
    """
    if len(curves.names) < 4:
        raise MissingInput(
            "too_few_curves",
            f"{len(curves.names)} curves cannot be grouped, at least 4 are needed ({len(curves.left_out)} are left "
            "out, each needs 14 days of coverage of 90 % and some load): choose a longer time or more members",
        )
    points = normalised(curves.wh, normalisation)
    found = group(points, distance, progress)
    centroids = np.array([points[found.labels == j].mean(axis=0) for j in range(found.k)])
    means = np.array([curves.watts[found.labels == j].mean(axis=0) for j in range(found.k)])
    return _outcome(curves, points, found, assign_labels(centroids, means, previous))


def group_by_value(
    curves: Curves, values: Mapping[str, str], normalisation: Normalisation = Normalisation.MEAN
) -> Outcome:
    """A-priori groups: curves by a value that is known of them (use type, household size); others are left out."""
    known = [name in values for name in curves.names]
    kept = Curves(
        tuple(name for name in curves.names if name in values),
        curves.wh[known],
        curves.step_s,
        (*curves.left_out, *((name, "no_value") for name in curves.names if name not in values)),
    )
    if not kept.names:
        raise MissingInput("no_values", "no curve has a value to group it by: register use types or household sizes")
    labels = sorted({values[name] for name in kept.names})
    points = normalised(kept.wh, normalisation)
    numbers = np.array([labels.index(values[name]) for name in kept.names], np.int64)
    silhouette = silhouette_of(points, numbers)
    silhouettes = {} if silhouette is None else {len(labels): silhouette}
    return _outcome(kept, points, Grouping(len(labels), numbers, silhouettes, None), labels)


def _outcome(curves: Curves, points: FloatArray, found: Grouping, labels: Sequence[str]) -> Outcome:
    groups = [_curve_group(curves, points, found.labels == j, label) for j, label in enumerate(labels)]
    ordered = tuple(sorted(groups, key=lambda one: (len(one.label), one.label)))
    return Outcome(ordered, found.silhouettes, found.index, found.stable, curves.step_s, curves.left_out)


def _curve_group(curves: Curves, points: FloatArray, chosen: LabelArray, label: str) -> CurveGroup:
    watts = curves.watts[chosen]
    mean, sd = watts.mean(axis=0), watts.std(axis=0)
    cv_bp = np.divide(10_000 * sd, mean, out=np.zeros_like(sd), where=mean > 0)
    return CurveGroup(
        label,
        facts_of(mean),
        tuple(name for name, one in zip(curves.names, chosen, strict=True) if one),
        _whole(mean),
        _whole(sd),
        _whole(cv_bp),
        _whole(points[chosen].mean(axis=0) * MICRO),
    )


def _whole(values: FloatArray) -> tuple[int, ...]:
    return tuple(int(one) for one in np.rint(values))
