"""Edits of readings as proposed and decided, and the stored values they are about (metering specification §4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, insert, select, update

from gettone.db.columns import Base
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.quality_rows import QualityRows
from gettone.db.repositories.readings import Readings
from gettone.db.tables import Edit as EditTable
from gettone.db.tables import ReadingVersion
from gettone.errors import Conflict, MissingInput
from gettone.metering.edits.approval import Edit, EditedSlots, HeldVersion
from gettone.metering.edits.merge import Answered

PROPOSED, APPROVED, REFUSED = "proposed", "approved", "refused"
_VERSIONS = Base.metadata.tables[ReadingVersion.__tablename__]


@dataclass(frozen=True, slots=True)
class EditRow:
    """An edit of slots [from_slot, to_slot) with who proposed and decided it, and when [unix ms]."""

    edit_id: int
    channel_id: int
    from_slot: int
    to_slot: int
    document: str
    state: str
    proposed_by: str
    proposed_at: int
    decided_by: str | None
    decided_at: int | None
    batch_id: int | None

    @property
    def edit(self) -> Edit:
        """What was proposed."""
        return Edit.of_json(self.document)


class Edits:
    """Reads and writes `edits`, and the waiting versions that edits answer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, edit: Edit, proposed_by: str, proposed_at: int) -> EditRow:
        """Store a proposal."""
        from_slot, to_slot = edit.slots
        values = {
            "channel_id": edit.channel_id,
            "from_slot": from_slot,
            "to_slot": to_slot,
            "action": edit.action.value,
            "document": edit.to_json(),
            "reason": edit.reason,
            "state": PROPOSED,
            "proposed_by": proposed_by,
            "proposed_at": proposed_at,
        }
        statement = insert(EditTable).values(**values).returning(EditTable.edit_id)
        return self.get(self._connection.execute(statement).scalar_one())

    def get(self, edit_id: int) -> EditRow:
        """One edit; MissingInput when there is none."""
        found = self._select(EditTable.edit_id == edit_id)
        if not found:
            raise MissingInput("edit_unknown", f"there is no edit {edit_id}: see `gettone readings proposals`")
        return found[0]

    def proposed(self) -> tuple[EditRow, ...]:
        """The edits nobody decided on yet, oldest first."""
        return self._select(EditTable.state == PROPOSED)

    def decide(self, edit_id: int, state: str, person: str, at_ms: int, batch_id: int | None = None) -> None:
        """Record the decision on a proposal; Conflict `edit_decided` when it was decided meanwhile."""
        chosen = (EditTable.edit_id == edit_id, EditTable.state == PROPOSED)
        values = {"state": state, "decided_by": person, "decided_at": at_ms, "batch_id": batch_id}
        if self._connection.execute(update(EditTable).where(*chosen).values(**values)).rowcount != 1:
            raise Conflict("edit_decided", f"edit {edit_id} is {self.get(edit_id).state} already")

    def stored(self, channel_id: int, from_slot: int, to_slot: int) -> EditedSlots:
        """What is stored of a channel in [from_slot, to_slot)."""
        box = ([channel_id], from_slot, to_slot)
        readings = Readings(self._connection)
        current = {slot: value for (_, slot), value in readings.current(*box).items()}
        waiting = QualityRows(self._connection, from_slot, to_slot).waiting([channel_id])
        batches = Batches(self._connection).get({one.batch_id for one in current.values()})
        return EditedSlots(
            current=current,
            waiting=[HeldVersion(*one[1:]) for one in waiting],
            last_versions={slot: number for (_, slot), number in readings.last_versions(*box).items()},
            orders={batch_id: (row.received_at, row.sha256 or b"") for batch_id, row in batches.items()},
        )

    def answer(self, channel_id: int, answered: Sequence[Answered]) -> None:
        """Give waiting versions the state that a person decided on."""
        if not answered:
            return
        key = (
            _VERSIONS.c.channel_id == channel_id,
            _VERSIONS.c.slot == bindparam("at_slot"),
            _VERSIONS.c.version == bindparam("at_version"),
        )
        rows = [{"at_slot": one.slot, "at_version": one.version, "new_state": one.state} for one in answered]
        self._connection.execute(update(_VERSIONS).where(*key).values(state=bindparam("new_state")), rows)

    def _select(self, *conditions: ColumnElement[bool]) -> tuple[EditRow, ...]:
        names: Iterable[str] = (one.name for one in fields(EditRow))
        query = select(*(getattr(EditTable, name) for name in names)).where(*conditions)
        rows: Iterable[RowMapping] = self._connection.execute(query.order_by(EditTable.edit_id)).mappings()
        return tuple(EditRow(**row) for row in rows)
