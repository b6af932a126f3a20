"""K-means that always finds the same groups, the choice of k, stability."""

import numpy as np
import pytest

from gettone.clustering.grouping import (
    Distance,
    Normalisation,
    fit,
    group,
    normalised,
    percentile_centroids,
    silhouette_of,
)
from gettone.errors import MissingInput
from tests.factories.curves import HEIGHTS, shapes

pytestmark = pytest.mark.unit


def test_percentile_centroids__by_column__are_nearest_ranks() -> None:
    points = np.array([[5.0, 1], [4, 2], [3, 3], [2, 4], [1, 5]])
    # k = 2 of n = 5: ranks ceil(1.25) = 2 and ceil(3.75) = 4.
    assert percentile_centroids(points, 2).tolist() == [[2, 2], [4, 4]]


def test_percentile_centroids__exact_rank__is_not_rounded_up() -> None:
    # k = 2 of n = 4: ranks 1 and 3.
    assert percentile_centroids(np.array([[10.0], [20], [30], [40]]), 2).tolist() == [[10], [30]]


def test_group__rows_in_another_order__gives_the_same_groups() -> None:
    points = shapes(12, 13)
    order = np.random.Generator(np.random.PCG64(7)).permutation(len(points))
    assert group(points).labels[order].tolist() == group(points[order]).labels.tolist()


def test_group__again__gives_the_same_figures() -> None:
    points = shapes(20, 30)
    first, second = group(points), group(points)
    assert first.silhouettes == second.silhouettes
    assert first.index == second.index


def test_group__three_shapes__finds_three_stable_groups() -> None:
    found = group(shapes(20, 30, 15, bumps=HEIGHTS))
    assert found.k == 3
    assert sorted(np.bincount(found.labels)) == [15, 20, 30]
    assert found.stable


def test_group__one_odd_curve__is_no_group_of_its_own() -> None:
    points = np.vstack([shapes(20, 20), np.full((1, 96), 40.0)])
    assert np.bincount(group(points).labels).min() >= 2


def test_group__flat_curves_between_two_peaks__are_unstable() -> None:
    # The percentile method orders levels, so flat curves are drawn to this side or to that.
    points = shapes(12, 14, 10, bumps=((32, 200), (76, 200), (76, 0)))
    assert not group(normalised(points, Normalisation.MEAN)).stable


def test_group__no_k_with_large_enough_groups__is_missing() -> None:
    points = np.vstack([np.zeros((3, 24)), np.full((1, 24), 9.0)])
    with pytest.raises(MissingInput, match="at least 2"):
        group(points)


def test_group__k__never_exceeds_the_root_of_n() -> None:
    assert max(group(shapes(5, 6)).silhouettes) <= 3


def test_fit__absolute_differences__centre_on_medians() -> None:
    # One far value draws a mean to itself (as a pair with 50), but not a median.
    points = np.array([[0.0], [1], [2], [48], [49], [50]])
    assert fit(points, 2, Distance.L1).tolist() == [0, 0, 0, 1, 1, 1]


def test_normalised__mean_and_max__divide_each_curve() -> None:
    wh = np.array([[2.0, 4, 6]])
    assert normalised(wh, Normalisation.MEAN).tolist() == [[0.5, 1, 1.5]]
    assert normalised(wh, Normalisation.MAX)[0, 2] == 1
    assert normalised(wh, Normalisation.NONE) is wh


def test_silhouette_of__one_group__is_not_defined() -> None:
    assert silhouette_of(np.ones((3, 2)), np.zeros(3, np.int64)) is None
