"""Where a flow fetches its file: HTTPS alone, no password in the address, a day in it or not."""

from datetime import date

import pytest

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from oracle.transports.remote_file import RemoteFile

pytestmark = pytest.mark.unit

DAY = date(2026, 3, 29)


def remote(**options: str) -> RemoteFile:
    return RemoteFile.of(FlowConfig(syntax="price_xml", options=tuple(options.items())))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://market.example/{day}MGPPrezzi.xml", "https://market.example/20260329MGPPrezzi.xml"),
        ("https://market.example/?d={date}", "https://market.example/?d=2026-03-29"),
        ("https://market.example/latest", "https://market.example/latest"),
    ],
)
def test_url__day__is_written_where_it_is_asked_for(url: str, address: str) -> None:
    found = remote(url=url)
    assert (found.url_of(DAY), found.names_day) == (address, url != address)


def test_day__days_ahead__are_added() -> None:
    assert remote(url="https://market.example/{day}", days_ahead="1").day_of(DAY) == date(2026, 3, 30)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://market.example/a",
        "https:///a",
        "https://me:word@market.example/a",
        "https://a:port/",
        "https://a/b c",
        "https://a/\u00e0",
        "ftp://a/b",
    ],
)
def test_remote__no_address_of_https__is_refused(url: str) -> None:
    with pytest.raises(InputError, match="option url"):
        remote(url=url)


@pytest.mark.parametrize("days", ["-1", "8", "x"])
def test_remote__days_ahead_beyond_a_week__are_refused(days: str) -> None:
    with pytest.raises(InputError, match="days_ahead"):
        remote(url="https://market.example/a", days_ahead=days)
