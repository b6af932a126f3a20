"""The migrations are one line: each revision follows the one before it, and none stands twice."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from gettone.db import schema

pytestmark = pytest.mark.unit


def test_migrations__revisions__follow_each_other_without_a_fork() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    numbers = sorted(path.name[:4] for path in (schema.MIGRATIONS / "versions").glob("0*.py"))
    assert [script.revision for script in scripts.walk_revisions()] == numbers[::-1]
