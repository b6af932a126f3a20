"""The codes of the metering rules (metering specification §3, §4 and §5), as stored and reported."""

from enum import StrEnum

from gettone.errors import CheckFailed


class Code(StrEnum):
    """One code per finding; its first letter tells the family."""

    # F: the file as a whole (V1, §3.1)
    F_DUP = "F_DUP"
    F_SIZE = "F_SIZE"
    F_ZIP = "F_ZIP"
    F_ENCODING = "F_ENCODING"
    F_SCHEMA = "F_SCHEMA"
    F_COLUMN = "F_COLUMN"
    F_DIGEST = "F_DIGEST"
    F_COUNT = "F_COUNT"
    F_TOO_MANY = "F_TOO_MANY"
    # R: one row, device or register (V2, V3, V8, V10, V11)
    R_SYNTAX = "R_SYNTAX"
    R_UNKNOWN = "R_UNKNOWN"
    R_INACTIVE = "R_INACTIVE"
    R_DIRECTION = "R_DIRECTION"
    R_STEP = "R_STEP"
    R_RANGE = "R_RANGE"
    R_ROLL = "R_ROLL"
    R_CHANGE = "R_CHANGE"
    R_RESET = "R_RESET"
    # U: units and multipliers (V4, §3.3)
    U_UNKNOWN = "U_UNKNOWN"
    U_SAMPLE = "U_SAMPLE"
    U_MULTIPLIER = "U_MULTIPLIER"
    # T: time (V5 to V8, V17)
    T_FUTURE = "T_FUTURE"
    T_TOO_OLD = "T_TOO_OLD"
    T_NONEXISTENT = "T_NONEXISTENT"
    T_AMBIGUOUS = "T_AMBIGUOUS"
    T_ORDER = "T_ORDER"
    T_SNAPPED = "T_SNAPPED"
    T_MISALIGNED = "T_MISALIGNED"
    T_INTERP = "T_INTERP"
    T_PARTIAL = "T_PARTIAL"
    T_CLOCK = "T_CLOCK"
    # X: days of the distributor flow (§3.3)
    X_DAYLEN = "X_DAYLEN"
    X_DST = "X_DST"
    X_PADDING = "X_PADDING"
    # N, P: sign and bound (V9, V11)
    N_NEGATIVE = "N_NEGATIVE"
    N_POSITIVE = "N_POSITIVE"
    P_BOUND = "P_BOUND"
    # D: against other values of the same slot (V12, V13)
    D_EQUAL = "D_EQUAL"
    D_CONFLICT = "D_CONFLICT"
    D_CONFIRM = "D_CONFIRM"
    D_NEW = "D_NEW"
    D_OLDER = "D_OLDER"
    # S, C: sequences and comparisons (V14, V15)
    S_STUCK = "S_STUCK"
    S_ZERO = "S_ZERO"
    S_CATCHUP = "S_CATCHUP"
    C_SUM = "C_SUM"
    C_SOURCES = "C_SOURCES"
    C_INJECT = "C_INJECT"
    C_NIGHT = "C_NIGHT"
    C_YIELD = "C_YIELD"
    # M, G, E: gaps and estimates (V16 to V18)
    M_DECLARED = "M_DECLARED"
    M_GAP = "M_GAP"
    M_LONG = "M_LONG"
    G_KNOWN = "G_KNOWN"
    G_IMPLAUSIBLE = "G_IMPLAUSIBLE"
    E_SPLINE = "E_SPLINE"
    E_LINE = "E_LINE"
    # L, A: settled periods, silent flows, dead letters and days that no file came for (V20, §3.1, §3.2, §3.4)
    L_LATE = "L_LATE"
    A_SILENT = "A_SILENT"
    A_DEAD = "A_DEAD"
    A_FETCH = "A_FETCH"


def known_code(text: str) -> Code:
    """The code of a finding; CheckFailed for any other word, which nobody could look up once it is stored."""
    try:
        return Code(text)
    except ValueError:
        raise CheckFailed(
            "code_unknown", f"{text!r} is no code of the metering rules: nothing was stored; correct what wrote it"
        ) from None
