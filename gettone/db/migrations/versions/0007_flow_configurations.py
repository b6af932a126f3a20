"""Flow configurations of three keys get the others, as the built-in profile means them."""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_FLOWS = sa.table("flows", sa.column("flow_id"), sa.column("config"))
_KEPT = ("source_class", "direction", "max_reject_permille")
_ADDED: dict[str, Any] = {
    "rank": None,
    "kind": "interval",
    "unit": "Wh",
    "sign": "as_is",
    "k_factor": None,
    "syntax": "profile",
    "separator": ",",
    "encoding": "utf-8",
    "decimal": ".",
    "columns": {},
    "null_marks": [],
    "clock": "utc",
    "label": "start",
    "step_s": None,
    "snap_s": 0,
    "options": {},
}


def upgrade() -> None:
    """State every key: what was stored before meant rows of the built-in profile."""
    _rewrite(lambda config: _ADDED | config)


def downgrade() -> None:
    """Keep the three keys that were known before."""
    _rewrite(lambda config: {key: config[key] for key in _KEPT})


def _rewrite(changed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    connection = op.get_bind()
    for flow_id, config in connection.execute(sa.select(_FLOWS.c.flow_id, _FLOWS.c.config)).all():
        text = json.dumps(changed(json.loads(config)), sort_keys=True, separators=(",", ":"))
        op.execute(_FLOWS.update().where(_FLOWS.c.flow_id == flow_id).values(config=text))
