"""The codes of the validation rules V1 to V13 (metering specification §4), as stored and reported."""

from enum import StrEnum


class Code(StrEnum):
    """One code per finding; its first letter tells the family."""

    F_DUP = "F_DUP"
    F_SIZE = "F_SIZE"
    F_TOO_MANY = "F_TOO_MANY"
    R_SYNTAX = "R_SYNTAX"
    R_UNKNOWN = "R_UNKNOWN"
    R_INACTIVE = "R_INACTIVE"
    R_DIRECTION = "R_DIRECTION"
    R_STEP = "R_STEP"
    R_RANGE = "R_RANGE"
    M_DECLARED = "M_DECLARED"
    U_UNKNOWN = "U_UNKNOWN"
    T_FUTURE = "T_FUTURE"
    T_TOO_OLD = "T_TOO_OLD"
    T_MISALIGNED = "T_MISALIGNED"
    T_PARTIAL = "T_PARTIAL"
    N_NEGATIVE = "N_NEGATIVE"
    N_POSITIVE = "N_POSITIVE"
    P_BOUND = "P_BOUND"
    D_EQUAL = "D_EQUAL"
    D_CONFLICT = "D_CONFLICT"
    D_CONFIRM = "D_CONFIRM"
    D_NEW = "D_NEW"
    D_OLDER = "D_OLDER"
