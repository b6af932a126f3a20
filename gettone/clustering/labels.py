"""Letters that stay with a group from run to run (§6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from scipy.optimize import linear_sum_assignment

from gettone.clustering.curves import FloatArray


@dataclass(frozen=True, slots=True)
class PreviousGroup:
    """A group of the previous run: its letter and its centroid of normalised columns."""

    label: str
    centroid: tuple[float, ...]


def assign_labels(centroids: FloatArray, means: FloatArray, previous: Sequence[PreviousGroup] = ()) -> list[str]:
    """A letter for each group.

    Groups take the letters of the previous run by the least total distance of centroids; groups that are left over,
    and all of a first run, take the next letters by mean level, then by the column of their peak.
    `centroids` and `means` have one row a group; a previous run with other columns is not compared.
    """
    labels: dict[int, str] = {}
    comparable = [one for one in previous if len(one.centroid) == centroids.shape[1]]
    if comparable:
        before = np.array([one.centroid for one in comparable])
        distances = np.linalg.norm(centroids[:, None, :] - before[None, :, :], axis=2)
        for row, column in zip(*linear_sum_assignment(distances), strict=True):
            labels[int(row)] = comparable[int(column)].label
    free = (letters(number) for number in count() if letters(number) not in {one.label for one in comparable})
    for row in sorted(range(len(means)), key=lambda one: (means[one].mean(), int(means[one].argmax()))):
        if row not in labels:
            labels[row] = next(free)
    return [labels[row] for row in range(len(centroids))]


def letters(number: int) -> str:
    """The label of a number from 0: A..Z, then AA, AB and so on.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(ord("A") + digit) + text
    return text
