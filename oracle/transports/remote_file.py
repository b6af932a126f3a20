"""A file at an HTTPS address: one GET, verified, bounded in size and in time, and never followed elsewhere."""

import http.client
import re
import ssl
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from gettone.errors import InputError, MissingInput, Unreachable
from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.vault import refuse_readable_by_others
from oracle.payload.refusals import unusable
from oracle.sources.table_file import MAX_BYTES

TIMEOUT_S, LONGEST_S = 10, 60
_PIECE = 64 * 1024
_HTTPS_PORT = 443
_MAX_DAYS_AHEAD = 7
_PLAIN = re.compile(rb"[ -~]+")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """Where a flow fetches its file.

    url: with `{day}` as 20260329 or `{date}` as 2026-03-29 where each day has an address of its own.
    ca_file: the authority in PEM, None for those of the system.  authorization_file: its text is the Authorization
    header.  days_ahead: how many days after that of the fetch the file is for.
    """

    url: str
    ca_file: Path | None = None
    authorization_file: Path | None = None
    days_ahead: int = 0

    @classmethod
    def of(cls, flow: FlowConfig) -> "RemoteFile":
        """As the options of a flow state it; InputError for an address that is not HTTPS or holds a password."""
        url, ahead = flow.option("url") or "", flow.option("days_ahead") or "0"
        parts = _split(url) if _PLAIN.fullmatch(url.encode()) and " " not in url else None
        if parts is None or parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
            raise InputError(
                "remote_url",
                "option url is no address https://HOST/PATH without a password: secrets go into authorization_file",
            )
        if not ahead.isdecimal() or int(ahead) > _MAX_DAYS_AHEAD:
            raise InputError("remote_days", f"option days_ahead {ahead!r} is not within 0 to {_MAX_DAYS_AHEAD}")
        files = (flow.option(name) for name in ("ca_file", "authorization_file"))
        ca_file, authorization_file = (Path(one) if one else None for one in files)
        return cls(url, ca_file, authorization_file, int(ahead))

    @property
    def names_day(self) -> bool:
        """Whether each day has an address of its own."""
        return self.url_of(date.min) != self.url

    def day_of(self, fetched: date) -> date:
        """The day that the file is for which is fetched on a day."""
        return fetched + timedelta(days=self.days_ahead)

    def url_of(self, day: date) -> str:
        """The address of the file for a day."""
        return self.url.replace("{day}", day.strftime("%Y%m%d")).replace("{date}", day.isoformat())

    def fetch(self, day: date) -> bytes:
        """The file for a day.

        Unreachable for a server that does not answer, is not verified, or answers anything but 200; InputError
        F_SIZE beyond 10 MiB; MissingInput or Refused for a file of ours that is missing or open to others.
        """
        parts = urlsplit(self.url_of(day))
        context, headers = self._context(), self._headers()
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port or _HTTPS_PORT, timeout=TIMEOUT_S, context=context
        )
        try:
            connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=headers)
            return _content(connection.getresponse(), parts.hostname or "")
        except (OSError, http.client.HTTPException) as failure:
            reason = type(failure).__name__
            raise Unreachable("remote_unreachable", f"{parts.hostname} does not answer ({reason})") from None
        finally:
            connection.close()

    def _context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=None if self.ca_file is None else str(self.ca_file))
        except (OSError, ssl.SSLError):
            raise MissingInput("remote_ca", f"{self.ca_file} is no readable certificate authority in PEM") from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "gettone"}
        if self.authorization_file is not None:
            refuse_readable_by_others(self.authorization_file)
            secret = self.authorization_file.read_bytes().strip()
            if not _PLAIN.fullmatch(secret):
                raise InputError("remote_secret", f"{self.authorization_file} is not one line of ASCII text")
            headers["Authorization"] = secret.decode("ascii")
        return headers


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _content(response: http.client.HTTPResponse, host: str) -> bytes:
    """The body, read no further than a byte beyond what a file may have, nor longer than a minute."""
    if response.status != http.client.OK:
        raise Unreachable("remote_status", f"{host} answers {response.status}, and no file")
    deadline, found = monotonic() + LONGEST_S, bytearray()
    while piece := response.read1(_PIECE):
        found += piece
        if len(found) > MAX_BYTES:
            raise unusable(Code.F_SIZE, f"at {host} has more than {MAX_BYTES} bytes")
        if monotonic() > deadline:
            raise Unreachable("remote_slow", f"{host} needs more than {LONGEST_S} s for a file")
    if response.length:
        raise Unreachable("remote_short", f"{host} ended {response.length} bytes before the end of the file")
    return bytes(found)
