"""The local chain says what it needs, and leaves other processes alone."""

import json
import os
from pathlib import Path

import pytest

from gettone.chain.local import LocalChain
from gettone.errors import InputError, MissingInput

pytestmark = pytest.mark.unit


def test_start__program_not_installed__says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingInput) as refusal:
        LocalChain.start(tmp_path / "chain", timestamp_s=1, root=tmp_path)
    assert refusal.value.code == "anvil_missing"
    assert "npm ci" in refusal.value.message


def test_attach__process_id_of_somebody_else__not_taken_for_the_chain(tmp_path: Path) -> None:
    record = {"pid": os.getpid(), "started_ticks": 1, "port": 1}
    (tmp_path / "chain.json").write_text(json.dumps(record), encoding="utf-8")
    assert LocalChain.attach(tmp_path) is None


def test_stop__process_id_of_somebody_else__left_alive(tmp_path: Path) -> None:
    # Were the process stopped by its id alone, this very test would be what ends.
    LocalChain(tmp_path, os.getpid(), 1, 1).stop()
    assert not LocalChain(tmp_path, os.getpid(), 1, 1).is_running()


def test_start__kept_state_is_garbled__says_which_file_to_remove(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        LocalChain.start(tmp_path, timestamp_s=1, keep_state=True)
    assert refusal.value.code == "local_chain_state"
    assert str(tmp_path / "state.json") in refusal.value.message
