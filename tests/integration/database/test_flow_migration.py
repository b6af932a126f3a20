"""Configurations stored with three keys open as the built-in profile, and go back to three keys."""

import json

import pytest
from sqlalchemy import text

from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.flows import Flows
from gettone.metering.flow import FlowConfig

pytestmark = pytest.mark.database

OLD = '{"direction":1,"max_reject_permille":50,"source_class":3}'


def stored(url: str) -> str:
    database = Database(url)
    with database.read() as connection:
        config: str = connection.execute(text("SELECT config FROM flows")).scalar_one()
    database.close()
    return config


def test_upgrade__configuration_of_three_keys__opens_with_the_same_meaning(empty_database_url: str) -> None:
    schema.upgrade(empty_database_url, "0006")
    database = Database(empty_database_url)
    with database.write() as connection:
        connection.execute(text("INSERT INTO flows (flow_id, name, config) VALUES (1, 'f', :config)"), {"config": OLD})
    database.close()
    schema.upgrade(empty_database_url)
    database = Database(empty_database_url)
    with database.read() as connection:
        config = Flows(connection).get("f").config
    database.close()
    assert config == FlowConfig(source_class=3, direction=1, max_reject_permille=50)
    assert stored(empty_database_url) == config.to_json()
    schema.downgrade(empty_database_url, "0006")
    assert json.loads(stored(empty_database_url)) == json.loads(OLD)
