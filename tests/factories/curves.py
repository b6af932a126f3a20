"""Generated load curves of known shape."""

import numpy as np
from numpy.typing import NDArray

# A bump as (column of 96, height) over a base of 40: morning, evening; or the same evening, ever higher.
MORNING, EVENING = (32, 200), (76, 200)
HEIGHTS = ((76, 0), (76, 120), (76, 600))


def shapes(
    *sizes: int, bumps: tuple[tuple[int, int], ...] = (MORNING, EVENING), columns: int = 96, seed: int = 5
) -> NDArray[np.float64]:
    """Curves with a bump each, so many of each kind, with noise of 10 %."""
    random = np.random.Generator(np.random.PCG64(seed))
    at = np.arange(columns)
    rows = []
    for size, (peak, height) in zip(sizes, bumps, strict=True):
        bump = 40 + height * np.exp(-(((at - peak * columns / 96) / (8 * columns / 96)) ** 2))
        rows.append(bump * random.uniform(0.9, 1.1, (size, columns)))
    return np.vstack(rows)
