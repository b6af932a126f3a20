"""K-means from percentile centroids, the choice of k, and how stable the groups are (§6)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from math import isqrt

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from gettone.clustering.curves import FloatArray
from gettone.errors import MissingInput

MAX_K = 10
MAX_ROUNDS = 300
TOLERANCE = 1e-6
SUBSAMPLES = 20
SUBSAMPLE_PERMILLE = 800
STABLE_INDEX = 0.8

LabelArray = NDArray[np.int64]
Progress = Callable[[str], None]


class Normalisation(StrEnum):
    """What of a curve is compared: its shape (divided by mean or maximum) or also its level."""

    MEAN = "mean"
    MAX = "max"
    NONE = "none"


class Distance(StrEnum):
    """How far two curves are apart: L2 (least variance within groups) or L1 (least absolute difference)."""

    L2 = "l2"
    L1 = "l1"


@dataclass(frozen=True, slots=True)
class Grouping:
    """Curves in k groups.

    labels: group 0..k-1 of each curve.  silhouettes: mean silhouette by each k that was tried.
    index: mean adjusted Rand index over the subsamples, None for groups that were given.
    """

    k: int
    labels: LabelArray
    silhouettes: dict[int, float]
    index: float | None

    @property
    def stable(self) -> bool:
        """Whether members may see it; groups that were given do not move."""
        return self.index is None or self.index >= STABLE_INDEX


def normalised(wh: FloatArray, how: Normalisation) -> FloatArray:
    """Curves divided by their mean or maximum; no row may be all zero."""
    if how is Normalisation.NONE:
        return wh
    divisor = wh.mean(axis=1, keepdims=True) if how is Normalisation.MEAN else wh.max(axis=1, keepdims=True)
    shapes: FloatArray = wh / divisor
    return shapes


def group(points: FloatArray, distance: Distance = Distance.L2, progress: Progress | None = None) -> Grouping:
    """The best grouping of the rows of `points`, and its stability.

    k runs over 2..min(10, isqrt(n)); among those whose smallest group has >= max(2, n/100) rows the largest mean
    silhouette wins, ties to the smaller k.  MissingInput when there are fewer than 4 rows or no k passes.
    """
    tell = progress or (lambda _step: None)
    silhouettes: dict[int, float] = {}
    passed: dict[int, LabelArray] = {}
    with _one_thread():
        for k in range(2, min(MAX_K, isqrt(len(points))) + 1):
            tell(f"{len(points)} curves in {k} groups")
            labels = fit(points, k, distance)
            if len(np.unique(labels)) < k:
                continue
            silhouettes[k] = _silhouette(points, labels, distance)
            if np.bincount(labels, minlength=k).min() >= max(2, len(points) / 100):
                passed[k] = labels
        if not passed:
            raise MissingInput(
                "no_grouping",
                f"{len(points)} curves do not fall into groups of at least {max(2, -(-len(points) // 100))}: "
                "choose a longer time or more members",
            )
        best = max(passed, key=lambda k: (silhouettes[k], -k))
        tell(f"stability of {best} groups")
        return Grouping(best, passed[best], silhouettes, stability(points, passed[best], best, distance))


def fit(points: FloatArray, k: int, distance: Distance = Distance.L2) -> LabelArray:
    """Group 0..k-1 of each row, always the same for the same rows."""
    start = percentile_centroids(points, k)
    if distance is Distance.L1:
        return _fit_l1(points, start)
    model = KMeans(k, init=start, n_init=1, max_iter=MAX_ROUNDS, tol=TOLERANCE).fit(points)
    return np.asarray(model.labels_, np.int64)


def percentile_centroids(points: FloatArray, k: int) -> FloatArray:
    """Initial centroids: column by column the nearest-rank quantile (2j-1)/(2k) for j in 1..k (B. Nepal)."""
    ordered = np.sort(points, axis=0)
    n = len(points)
    # The nearest rank is ceil(q * n), counted from 1; in integers, so that no rounding decides.
    return ordered[[max(1, -(-(2 * j - 1) * n // (2 * k))) - 1 for j in range(1, k + 1)]]


def stability(points: FloatArray, labels: LabelArray, k: int, distance: Distance = Distance.L2) -> float:
    """Mean adjusted Rand index of 20 subsamples of 80 % (PCG64 seeds 0..19) against the labels of all rows."""
    n = len(points)
    size = n * SUBSAMPLE_PERMILLE // 1000
    indexes = []
    for seed in range(SUBSAMPLES):
        chosen = np.random.Generator(np.random.PCG64(seed)).permutation(n)[:size]
        indexes.append(adjusted_rand_score(labels[chosen], fit(points[chosen], k, distance)))
    return float(np.mean(indexes))


def silhouette_of(points: FloatArray, labels: LabelArray, distance: Distance = Distance.L2) -> float | None:
    """Mean silhouette of given groups; None where it is not defined (one group, or each row its own)."""
    if not 2 <= len(np.unique(labels)) < len(points):
        return None
    with _one_thread():
        return _silhouette(points, labels, distance)


def _silhouette(points: FloatArray, labels: LabelArray, distance: Distance) -> float:
    metric = "manhattan" if distance is Distance.L1 else "euclidean"
    return float(silhouette_score(points, labels, metric=metric))


def _fit_l1(points: FloatArray, centroids: FloatArray) -> LabelArray:
    """Lloyd's algorithm with absolute differences: the centre of a group is its median."""
    labels = np.full(len(points), -1, np.int64)
    for _ in range(MAX_ROUNDS):
        nearest = np.stack([np.abs(points - one).sum(axis=1) for one in centroids]).argmin(axis=0)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        centroids = np.array(
            [np.median(points[labels == j], axis=0) if (labels == j).any() else old for j, old in enumerate(centroids)]
        )
    return labels


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums in one order: two threads would add up in another one on every run."""
    with threadpool_limits(limits=1):
        yield
