"""Positions, and the cells of 500 m of the European statistical grid (ETRS89-LAEA, EPSG:3035) that hold them.

Positions are whole millionths of a degree; the projection is EPSG method 9820.  Floating point stays inside it: it
moves no energy and no token.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from math import asin, asinh, atan2, cos, degrees, floor, hypot, radians, sin, sqrt

from gettone.errors import InputError

GEO_FORMAT = "wgs84"
CELL_M = 500
_UDEG = 1_000_000
_POSITION = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,15})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*")
_AXIS_M, _FLATTENING = 6_378_137.0, 1 / 298.257222101
_E2 = _FLATTENING * (2 - _FLATTENING)
_E = sqrt(_E2)
_ORIGIN_LATITUDE, _ORIGIN_LONGITUDE = radians(52), radians(10)
_EAST_M, _NORTH_M = 4_321_000, 3_210_000


@dataclass(frozen=True, slots=True)
class Position:
    """A point in WGS 84, in millionths of a degree, north and east positive."""

    latitude_udeg: int
    longitude_udeg: int

    @classmethod
    def parse(cls, text: str) -> "Position":
        """The point of `latitude, longitude` in decimal degrees, half-even to a millionth; InputError for no point.

        >>> Position.parse("41.9028, 12.4964")
        Position(latitude_udeg=41902800, longitude_udeg=12496400)
        """
        found = _POSITION.fullmatch(text)
        if found is None:
            raise InputError("position", "a position is written as latitude, longitude in degrees: 41.9028, 12.4964")
        scaled = (Decimal(one) * _UDEG for one in found.groups())
        latitude, longitude = (int(one.to_integral_value(ROUND_HALF_EVEN)) for one in scaled)
        if abs(latitude) > 90 * _UDEG or abs(longitude) > 180 * _UDEG:
            raise InputError("position", "a latitude lies between -90 and 90, a longitude between -180 and 180 degrees")
        return cls(latitude, longitude)

    def __str__(self) -> str:
        """As it is read."""
        return f"{Decimal(self.latitude_udeg) / _UDEG},{Decimal(self.longitude_udeg) / _UDEG}"


@dataclass(frozen=True, slots=True, order=True)
class GridCell:
    """A square of 500 m by its south-west corner [m]."""

    north_m: int
    east_m: int

    @property
    def name(self) -> str:
        """The code of the cell in the European grid."""
        return f"CRS3035RES{CELL_M}mN{self.north_m}E{self.east_m}"

    @property
    def centre(self) -> Position:
        """The middle of the cell."""
        latitude, longitude = _unprojected(self.north_m + CELL_M / 2, self.east_m + CELL_M / 2)
        return Position(round(degrees(latitude) * _UDEG), round(degrees(longitude) * _UDEG))


def cell_of(position: Position) -> GridCell:
    """The cell that holds a point."""
    north_m, east_m = projected_m(position)
    return GridCell(floor(north_m / CELL_M) * CELL_M, floor(east_m / CELL_M) * CELL_M)


def projected_m(position: Position) -> tuple[float, float]:
    """Northing and easting [m] of a point."""
    beta = asin(_q(radians(position.latitude_udeg / _UDEG)) / _QP)
    turn = radians(position.longitude_udeg / _UDEG) - _ORIGIN_LONGITUDE
    # The point opposite to the origin has no place on the plane; next to it anything is as good.
    nearness = max(1 + sin(_BETA) * sin(beta) + cos(_BETA) * cos(beta) * cos(turn), 1e-12)
    scale = _RADIUS_M * sqrt(2 / nearness)
    north = scale / _D * (cos(_BETA) * sin(beta) - sin(_BETA) * cos(beta) * cos(turn))
    return _NORTH_M + north, _EAST_M + scale * _D * cos(beta) * sin(turn)


def _unprojected(north_m: float, east_m: float) -> tuple[float, float]:
    """Latitude and longitude [rad] of a point of the plane."""
    across, up = (east_m - _EAST_M) / _D, (north_m - _NORTH_M) * _D
    rho = max(hypot(across, up), 1e-9)
    arc = 2 * asin(min(rho / (2 * _RADIUS_M), 1.0))
    beta = asin(cos(arc) * sin(_BETA) + up * sin(arc) * cos(_BETA) / rho)
    turn = atan2(across * sin(arc), rho * cos(_BETA) * cos(arc) - up * sin(_BETA) * sin(arc))
    latitude = (
        beta
        + (_E2 / 3 + 31 * _E2**2 / 180 + 517 * _E2**3 / 5040) * sin(2 * beta)
        + (23 * _E2**2 / 360 + 251 * _E2**3 / 3780) * sin(4 * beta)
        + 761 * _E2**3 / 45360 * sin(6 * beta)
    )
    return latitude, _ORIGIN_LONGITUDE + turn


def _q(latitude: float) -> float:
    sine = sin(latitude)
    # The logarithm of the method, ln((1 - e sin) / (1 + e sin)), is -2 artanh(e sin).
    artanh = asinh(_E * sine / sqrt(1 - _E2 * sine**2))
    return (1 - _E2) * (sine / (1 - _E2 * sine**2) + artanh / _E)


_QP = _q(radians(90))
_BETA = asin(_q(_ORIGIN_LATITUDE) / _QP)
_RADIUS_M = _AXIS_M * sqrt(_QP / 2)
_D = _AXIS_M * cos(_ORIGIN_LATITUDE) / sqrt(1 - _E2 * sin(_ORIGIN_LATITUDE) ** 2) / (_RADIUS_M * cos(_BETA))
