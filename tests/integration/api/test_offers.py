"""Offers of members: read by the community, changed by their member alone, with pictures that are written anew."""

import io
import secrets
from typing import Any

import pytest
from PIL import Image

from tests.factories.api_world import HERE, World
from tests.factories.told_chain import founded, joined, tell, wallet_of

pytestmark = pytest.mark.database

BASE = f"/api/v1/communities/{HERE}/offers"
BREAD = {"side": "offer", "kind": "sale", "price_units": "20", "title": "Bread", "text": "Baked on Friday"}


def post(world: World, path: str, role: str, **more: Any) -> Any:
    headers = {"Idempotency-Key": secrets.token_hex(8), **more.pop("headers", {})}
    return world.call("POST", f"{BASE}{path}", role, headers=headers, **more)


def offered(world: World, **changes: Any) -> dict[str, Any]:
    answer = post(world, "", "MB", json=BREAD | changes)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def etag(world: World, offer: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": world.call("GET", f"{BASE}/{offer['id']}", "MB").headers["etag"]}


def picture(size: tuple[int, int] = (40, 20), form: str = "PNG", **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, form, **more)
    return written.getvalue()


def send(world: World, offer: dict[str, Any], content: bytes, kind: str = "image/png", role: str = "MB") -> Any:
    return post(world, f"/{offer['id']}/pictures", role, content=content, headers={"content-type": kind})


def test_offer__written__seen_by_the_community_with_filters(world: World) -> None:
    offer = offered(world)
    offered(world, side="request", kind="service")
    listed = world.call("GET", BASE, "VF", params={"side": "offer"}).json()["items"]
    assert [one["id"] for one in listed] == [offer["id"]]
    assert len(world.call("GET", BASE, "CA").json()["items"]) == 2
    assert world.call("GET", BASE, "TA").status_code == 403


def test_change__own_offer_as_it_was_read__changed(world: World) -> None:
    offer = offered(world)
    answer = world.call("PATCH", f"{BASE}/{offer['id']}", "MB", json={"price_units": "25"}, headers=etag(world, offer))
    assert (answer.json()["price_units"], answer.json()["title"]) == ("25", "Bread")


def test_change__without_or_with_an_old_etag__refused(world: World) -> None:
    offer = offered(world)
    path, old = f"{BASE}/{offer['id']}", etag(world, offer)
    assert world.call("PATCH", path, "MB", json={"title": "Rolls"}).status_code == 428
    world.call("PATCH", path, "MB", json={"title": "Rolls"}, headers=old)
    assert world.call("PATCH", path, "MB", json={"title": "Cake"}, headers=old).status_code == 412


def test_change__another_member__refused(world: World) -> None:
    offer = offered(world)
    for role in ("VF", "CA"):
        answer = world.call("PATCH", f"{BASE}/{offer['id']}", role, json={"title": "Mine"}, headers=etag(world, offer))
        assert answer.status_code == 403


def test_delete__administrator__gone_with_its_pictures(world: World) -> None:
    offer = offered(world)
    place = send(world, offer, picture()).headers["location"]
    assert world.call("DELETE", f"{BASE}/{offer['id']}", "CA", headers=etag(world, offer)).status_code == 204
    assert world.call("GET", place, "MB").status_code == 404
    assert world.call("GET", f"{BASE}/{offer['id']}", "MB").status_code == 404


def test_write__administrator__offers_nothing(world: World) -> None:
    assert post(world, "", "CA", json=BREAD).status_code == 403


@pytest.mark.parametrize(
    "change",
    [{"kind": "gold"}, {"price_units": "-1"}, {"title": "two\nlines"}, {"text": "\x00"}, {"colour": "red"}],
    ids=lambda one: next(iter(one)),
)
def test_write__bad_field__refused(world: World, change: dict[str, str]) -> None:
    assert post(world, "", "MB", json=BREAD | change).status_code == 422


def test_write__structure__must_be_of_a_stakeholder(world: World) -> None:
    shop = world.member_ids[f"VF {HERE}"]
    refused = post(world, "", "MB", json=BREAD | {"structure": shop})
    assert refused.json()["errors"] == [{"pointer": "/body/structure", "code": "structure"}]
    tell(world.database, world.community_ids[HERE], founded(), joined(shop, wallet_of(1), 2))
    assert offered(world, structure=shop)["structure"] == shop


def test_picture__with_place_and_camera_in_it__only_pixels_are_kept(world: World) -> None:
    offer, exif = offered(world), Image.Exif()
    exif[0x010F] = "SecretCamera"
    answer = send(world, offer, picture((3200, 1600), "JPEG", exif=exif), "image/jpeg")
    assert (answer.status_code, answer.json()["width_px"], answer.json()["height_px"]) == (201, 1600, 800)
    content = world.call("GET", answer.headers["location"], "VF").content
    assert b"SecretCamera" not in content
    assert Image.open(io.BytesIO(content)).format == "JPEG"
    assert world.call("GET", f"{BASE}/{offer['id']}", "VF").json()["pictures"] == [answer.json()["id"]]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"<svg onload=alert(1)>", "image/png", 422),
        (picture(form="GIF"), "image/png", 422),
        (picture()[:60], "image/png", 422),
        (picture(), "image/svg+xml", 415),
        (bytes(2 * 1024 * 1024 + 1), "image/png", 413),
        (picture((6000, 5000)), "image/png", 413),
    ],
    ids=["script", "another format", "cut", "media type", "bytes", "pixels"],
)
def test_picture__hostile__refused_and_nothing_kept(world: World, content: bytes, kind: str, status: int) -> None:
    offer = offered(world)
    assert send(world, offer, content, kind).status_code == status
    assert world.call("GET", f"{BASE}/{offer['id']}", "MB").json()["pictures"] == []


def test_picture__ninth__too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.offers.service.MAX_PICTURES", 1)
    offer = offered(world)
    assert send(world, offer, picture()).status_code == 201
    assert send(world, offer, picture()).json()["code"] == "too_many"


def test_picture__of_another_member__refused(world: World) -> None:
    assert send(world, offered(world), picture(), role="VF").status_code == 403


def test_picture__taken_away__gone(world: World) -> None:
    offer = offered(world)
    place = send(world, offer, picture()).headers["location"]
    assert [world.call("DELETE", place, "MB").status_code for _ in range(2)] == [204, 204]
    assert world.call("GET", place, "MB").status_code == 404
