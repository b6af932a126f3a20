"""Take-outs that were asked for through the API, made with the exporter."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.operations import OperationRow
from gettone.db.repositories.takeouts import TakeoutRow, Takeouts, TakeoutState
from gettone.errors import Conflict, GettoneError, Held, Unreachable
from gettone.notary.takeout_format import Level
from gettone.periods import period_of_dates
from oracle.takeout.disclosure import TakeoutRequest
from oracle.takeout.export import TakeoutExporter
from oracle.takeout.signing import takeout_signer
from oracle.worker.job import Run


def make_takeout(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Make the file of a take-out and keep it for seven days; called again it gives what is there."""
    database, number = run.place.database, operation.document["takeout"]
    with database.read() as connection:
        row = Takeouts(connection).find(number)
        timezone = Communities(connection).get(run.community).tz
    if row is None:
        raise Conflict("state", "the take-out was erased meanwhile")
    if row.state is not TakeoutState.REQUESTED:
        return {"takeout": number}
    try:
        name, content = _export(run, row, timezone)
    except (Held, Unreachable):
        raise
    except GettoneError:
        with database.write() as connection:
            Takeouts(connection).fail(number)
        raise
    with database.write() as connection:
        Takeouts(connection).keep(number, run.place.vault(), name, content, run.place.clock())
    return {"takeout": number}


def _export(run: Run, row: TakeoutRow, timezone: str) -> tuple[str, bytes]:
    first, last = (date.fromisoformat(day) for day in (row.first_day, row.end_day))
    period = period_of_dates(first, last, timezone)
    wanted = TakeoutRequest(run.community, row.member_id, period, Level(row.level))
    place = run.place
    exporter = TakeoutExporter(place.database, place.vault(), place.open_contracts(run.community))
    return exporter.export(wanted, sign=takeout_signer(place.settings))
