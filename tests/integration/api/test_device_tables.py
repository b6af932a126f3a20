"""Devices: registered as a table, all rows or none."""

import pytest

from gettone.db.tables import Channel, Device, DeviceContract, DeviceMember
from tests.factories.api_world import World
from tests.factories.device_calls import PLACE, POD, count, registered, table, upload

pytestmark = pytest.mark.database


def test_import_devices__good_table__registers_every_row(world: World) -> None:
    text = table(world, f"{POD},ME,2027-02-01,1 2,900,3000,upload", "boiler,ME,2027-02-01,4,3600,,")
    answer = upload(world, text)
    assert answer.json() == {"dry_run": False, "rows": 2, "new": 2, "errors": []}
    assert {one["pod"] for one in world.call("GET", PLACE, "MB").json()["items"]} == {POD, "boiler"}


def test_import_devices__same_table_again__adds_nothing(world: World) -> None:
    text = table(world, f"{POD},ME,2027-02-01,1 2,900,3000,upload")
    upload(world, text)
    tables = [count(world, kind) for kind in (Device, Channel, DeviceMember, DeviceContract)]
    assert upload(world, text, key="again").json()["new"] == 0
    assert [count(world, kind) for kind in (Device, Channel, DeviceMember, DeviceContract)] == tables


def test_import_devices__wrong_rows__are_all_named_and_nothing_changes(world: World) -> None:
    before = count(world, Device)
    text = table(
        world,
        f"{POD},ME,2027-02-01,1,900,,",
        "a b,ME,2027-02-01,1,900,,",
        "home03,ME,yesterday,1,900,,",
        "home04,ME,2027-02-01,1,900,,nowhere",
        f"{POD}X,ME,2027-02-01,1,900,,",
    )
    answer = upload(world, text)
    pointers = [one["pointer"] for one in answer.json()["errors"]]
    assert answer.status_code == 422
    assert pointers == ["/csv/2/pod", "/csv/3/from", "/csv/4/flows", "/csv/5/pod"]
    assert count(world, Device) == before


def test_import_devices__dry_run__judges_and_changes_nothing(world: World) -> None:
    before = count(world, Device)
    text = table(world, f"{POD},ME,2027-02-01,1,900,,", "home01,ME,2027-02-01,1,900,,")
    answer = upload(world, text, dry_run=True).json()
    assert [(one["row"], one["pointer"], one["code"]) for one in answer["errors"]] == [(2, "/pod", "device_taken")]
    assert (answer["rows"], answer["new"]) == (2, 1)
    assert count(world, Device) == before


def test_import_devices__dry_run_of_what_the_database_refuses__says_so(world: World) -> None:
    registered(world)
    before = count(world, DeviceContract)
    answer = upload(world, table(world, f"{POD},ME,2027-02-01,1,900,4500,"), dry_run=True).json()
    assert [one["code"] for one in answer["errors"]] == ["registry_differs"]
    assert count(world, DeviceContract) == before


@pytest.mark.parametrize(
    "text",
    [
        "pod,member\r\nx,y\r\n",
        "pod,member,from,directions,step_s,colour\r\n",
        "pod,member,from,directions,step_s\r\nx,y\r\n",
        'pod,member,from,directions,step_s\r\n"x,y\r\n',
    ],
)
def test_import_devices__no_such_table__is_refused(world: World, text: str) -> None:
    answer = upload(world, text)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
