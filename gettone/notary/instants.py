"""Instants as text: `2016-08-31T22:00:00Z`, fast for whole series of slots."""

from datetime import UTC, datetime


def utc_stamps(start_s: int, slot_s: int, count: int) -> list[str]:
    """The starts of `count` slots of `slot_s` seconds from unix second `start_s`, in ISO 8601, UTC."""
    days: dict[int, str] = {}
    stamps = []
    for instant in range(start_s, start_s + slot_s * count, slot_s):
        day, second = divmod(instant, 86_400)
        if day not in days:
            days[day] = datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%dT")
        stamps.append(f"{days[day]}{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z")
    return stamps
