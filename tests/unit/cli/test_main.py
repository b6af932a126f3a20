"""The command line as a whole: wrong usage, refusals and defects each have their exit status and words."""

import subprocess
import sys

import pytest

from cli.main import COMMANDS, main

pytestmark = pytest.mark.unit


def gettone(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("name", COMMANDS)
def test_help__every_command__says_what_it_does(name: str) -> None:
    done = gettone(name, "--help")
    assert done.returncode == 0, done.stderr
    assert f"Usage: gettone {name}" in done.stdout
    assert "completion" not in done.stdout


def test_help__without_command__lists_all() -> None:
    done = gettone("--help")
    assert done.returncode == 0
    assert not [name for name in COMMANDS if f" {name} " not in done.stdout]


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("verify",),
        ("settle", "run"),
        ("rewards", "compute", "--period", "2016-09"),
        ("demo", "--port", "many"),
    ],
    ids=" ".join,
)
def test_usage__wrong_words__exit_2_without_a_traceback(arguments: tuple[str, ...]) -> None:
    done = gettone(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Usage:" in done.stderr


def test_refusal__unreadable_take_out__is_one_sentence() -> None:
    done = gettone("verify", "/nowhere/takeout.zip")
    assert done.returncode == 2
    assert done.stderr.startswith("error [bundle_unreadable]: ")
    assert done.stderr.count("\n") == 1


def test_defect__unexpected_exception__exits_70(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("cli.main.app", fail)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 70
    assert "please report it" in capsys.readouterr().err
