"""A deployment file is read again when it has changed, and only then."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from gettone.chain.deployment_file import ContractSet, Deployment, DeploymentFile, save_deployment
from gettone.errors import MissingInput

pytestmark = pytest.mark.unit

EMPTY = ContractSet({}, {}, "0x", {})
BEFORE = Deployment(1981, bytes(32), EMPTY, {"fontana": EMPTY})


def test_deployment_file__community_deployed_meanwhile__is_known(tmp_path: Path) -> None:
    path = tmp_path / "1981.json"
    save_deployment(path, BEFORE)
    file = DeploymentFile(path)
    first = file()
    assert first == BEFORE
    assert file() is first
    save_deployment(path, replace(BEFORE, communities={"fontana": EMPTY, "valle": EMPTY}))
    os.utime(path, ns=(1, 1))
    assert sorted(file().communities) == ["fontana", "valle"]


def test_deployment_file__absent__is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        DeploymentFile(tmp_path / "none.json")
