"""What can be said of a mean curve in a few words, in English and in Italian."""

from dataclasses import dataclass

import numpy as np

from gettone.clustering.curves import FloatArray

# Hours [from, to) of the parts of a day; the night is the rest.
_PARTS = (
    (6, 11, "morning peak", "picco al mattino"),
    (11, 15, "midday peak", "picco a mezzogiorno"),
    (15, 18, "afternoon peak", "picco nel pomeriggio"),
    (18, 23, "evening peak", "picco serale"),
)
_NIGHT = ("night peak", "picco notturno")
_FLAT = ("flat", "piatta")
# A peak is named where it exceeds the mean by 30 %; a base is low below 30 % of the mean and high from 70 % on.
_PEAK_PERMILLE, _LOW_BASE_PERMILLE, _HIGH_BASE_PERMILLE = 1300, 300, 700
_BASES = (("low base", "base bassa"), ("medium base", "base media"), ("high base", "base alta"))
_BASE_PERMILLE = 25


@dataclass(frozen=True, slots=True)
class Facts:
    """Words about a curve: `evening peak, low base`."""

    english: str
    italian: str


def facts_of(mean_w: FloatArray) -> Facts:
    """The facts of a mean curve [W by column]: when it peaks, and how high its base is.

    The base is the value at the 2.5th percentile (nearest rank), as for the indicators K9 and K10.
    """
    mean = float(mean_w.mean())
    base = float(np.sort(mean_w)[max(1, -(-_BASE_PERMILLE * len(mean_w) // 1000)) - 1])
    peak_words = _FLAT if 1000 * float(mean_w.max()) < _PEAK_PERMILLE * mean else _peak_words(mean_w)
    level = (1000 * base >= _LOW_BASE_PERMILLE * mean) + (1000 * base >= _HIGH_BASE_PERMILLE * mean)
    base_words = _BASES[level]
    return Facts(*(f"{peak}, {base_text}" for peak, base_text in zip(peak_words, base_words, strict=True)))


def _peak_words(mean_w: FloatArray) -> tuple[str, str]:
    hour = int(mean_w.argmax()) * 24 // len(mean_w)
    for first, end, english, italian in _PARTS:
        if first <= hour < end:
            return english, italian
    return _NIGHT
