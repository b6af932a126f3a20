"""The jobs of the worker: named once, with words in both languages and schedules that are understood."""

import pytest

from gettone.errors import InputError
from gettone.settings import Settings
from oracle.worker.job import Job
from oracle.worker.registry import JOBS, job_named, schedules
from oracle.worker.words import LANGUAGES, title

pytestmark = pytest.mark.unit


def settings(**values: str) -> Settings:
    return Settings.model_validate(values)


def test_jobs__each__has_a_name_of_its_own() -> None:
    assert len({one.name for one in JOBS}) == len(JOBS)


@pytest.mark.parametrize("job", JOBS, ids=lambda one: one.name)
def test_jobs__each__needs_settings_that_there_are(job: Job) -> None:
    assert {name for either in job.needs for name in either} <= set(Settings.model_fields)


@pytest.mark.parametrize("job", JOBS, ids=lambda one: one.name)
def test_title__each_job__differs_between_the_languages(job: Job) -> None:
    words = {title(job.name, language) for language in LANGUAGES}
    assert len(words) == len(LANGUAGES)


def test_schedules__changed_by_settings__others_stay() -> None:
    found = schedules(settings(worker_schedules="settlements=2h, retention=off"))
    assert (str(found["settlements"]), found["retention"], str(found["checks"])) == ("2h", None, "00:30")


def test_schedules__job_there_is_not__is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="settlements") as refusal:
        schedules(settings(worker_schedules="settle=2h"))
    assert refusal.value.code == "job_unknown"


def test_schedules__zone_there_is_not__is_refused() -> None:
    with pytest.raises(InputError, match="Europe/Roma"):
        schedules(settings(worker_timezone="Europe/Roma"))


def test_job_named__known__is_it() -> None:
    assert job_named("checks") is next(one for one in JOBS if one.name == "checks")


def test_missing__key_at_an_external_signer__stands_for_one_in_a_file() -> None:
    job = Job("pay", "1h", lambda _: {}, (("oracle_keystore_files", "oracle_signer_addresses"),))
    assert job.missing(settings()) == ("GETTONE_ORACLE_KEYSTORE_FILES or GETTONE_ORACLE_SIGNER_ADDRESSES",)
    assert job.missing(Settings(oracle_signer_addresses=("0x" + "11" * 20,))) == ()
