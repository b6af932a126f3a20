"""How unusual a login is: F14-a."""

import pytest

from gettone.identity.anomaly import Verdict, Visit, band_of, family_of, network_of, surprise_millibits, verdict

pytestmark = pytest.mark.unit
HOME = Visit(b"home", "firefox", 1)


@pytest.mark.parametrize(
    ("sessions", "visit", "bits", "follows"),
    [
        (20, Visit(b"away", "chrome", 1), "8.99", Verdict.FACTOR),
        (50, Visit(b"away", "chrome", 3), "17.10", Verdict.END),
        (50, Visit(b"away", "firefox", 1), "5.76", Verdict.MAIL),
        (50, HOME, "0.08", Verdict.USUAL),
        (4, Visit(b"away", "chrome", 3), "7.75", Verdict.MAIL),
        (10, Visit(b"away", "chrome", 3), "10.76", Verdict.FACTOR),
    ],
)
def test_surprise__known_sessions__are_the_figures_of_the_specification(
    sessions: int, visit: Visit, bits: str, follows: Verdict
) -> None:
    millibits = surprise_millibits([HOME] * sessions, visit)
    assert (f"{millibits / 1000:.2f}", verdict(millibits, sessions)) == (bits, follows)


def test_surprise__more_than_fifty_sessions__counts_the_last_ones() -> None:
    away = Visit(b"away", "chrome", 3)
    assert surprise_millibits([HOME] * 50 + [away] * 500, away) == surprise_millibits([HOME] * 50, away)


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("testclient", "testclient")],
)
def test_network__address__is_its_prefix(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 (X11) Gecko/20100101 Firefox/140.0", "firefox"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36", "chrome"),
        ("Mozilla/5.0 AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "edge"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/19 Safari/605", "safari"),
        ("curl/8.5", "other"),
    ],
)
def test_family__agent__is_told_without_its_version(agent: str, family: str) -> None:
    assert family_of(agent) == family


def test_band__six_hours__are_one() -> None:
    assert [band_of(hour * 3_600_000) for hour in (0, 5, 6, 12, 18, 23)] == [0, 0, 1, 2, 3, 3]
