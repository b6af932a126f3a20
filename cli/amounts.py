"""Amounts as people write them."""

TOKEN_UNITS = 10**18
SHOWN_DIGITS = 3


def tokens(units: int) -> str:
    """Base units as tokens for people: three digits, rounded down; every calculation keeps all eighteen."""
    whole, rest = divmod(units, TOKEN_UNITS)
    return f"{whole:,}.{rest // 10 ** (18 - SHOWN_DIGITS):0{SHOWN_DIGITS}d}"
