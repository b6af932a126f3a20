"""Whole Wh as exact kWh in text."""


def kwh_text(wh: int, mark: str = ".") -> str:
    """Wh as kWh with three decimals.

    >>> kwh_text(187, ","), kwh_text(-1200), kwh_text(0)
    ('0,187', '-1.200', '0.000')
    """
    whole, fraction = divmod(abs(wh), 1000)
    return f"{'-' if wh < 0 else ''}{whole}{mark}{fraction:03}"
