"""A request with an `Idempotency-Key` is done once."""

import threading

import pytest
from sqlalchemy import Connection, func, select

from api.once import Answer, Once
from api.refusals import Invalid
from api.schemas import Strict
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.tables import AuditEntry
from gettone.errors import Conflict
from tests.factories.api_world import World

pytestmark = pytest.mark.database


class Body(Strict):
    number: int


def once(world: World, key: str = "k1", *, for_ever: bool = False) -> Once:
    return Once(world.context, "caller", "POST /things", key, for_ever)


def deed(world: World) -> object:
    def work(connection: Connection) -> Answer:
        number = AuditTrail(connection).append(Deed("caller", "test", "thing"), world.now_ms)
        return Answer(201, {"number": number}, {"Location": f"/things/{number}"})

    return work


def count(world: World) -> int:
    with world.database.read() as connection:
        return connection.execute(select(func.count()).select_from(AuditEntry)).scalar_one()


def test_run__same_request_again__answers_as_before_and_does_nothing(world: World) -> None:
    first = once(world).run(Body(number=1), deed(world))
    again = once(world).run(Body(number=1), deed(world))
    assert (again.status_code, again.body, again.headers["location"]) == (201, first.body, "/things/1")
    assert (again.headers["idempotency-replayed"], count(world)) == ("true", 1)


def test_run__key_of_another_body__is_refused(world: World) -> None:
    once(world).run(Body(number=1), deed(world))
    with pytest.raises(Invalid) as refusal:
        once(world).run(Body(number=2), deed(world))
    assert (refusal.value.code, count(world)) == ("idempotency_key_reused", 1)


def test_run__work_that_fails__leaves_no_answer(world: World) -> None:
    def fails(connection: Connection) -> Answer:
        deed(world)(connection)
        raise Conflict("state", "not now")

    with pytest.raises(Conflict):
        once(world).run(Body(number=1), fails)
    assert count(world) == 0
    assert once(world).run(Body(number=1), deed(world)).status_code == 201


@pytest.mark.parametrize(("for_ever", "deeds"), [(False, 2), (True, 1)], ids=["kept two days", "kept for ever"])
def test_run__three_days_later__is_new_where_no_value_moves(world: World, for_ever: bool, deeds: int) -> None:
    once(world, for_ever=for_ever).run(Body(number=1), deed(world))
    world.now_ms += 3 * 86_400_000
    once(world, for_ever=for_ever).run(Body(number=1), deed(world))
    assert count(world) == deeds


def test_run__twenty_at_once__do_it_once(world: World) -> None:
    done: list[int] = []

    def send() -> None:
        try:
            done.append(once(world).run(Body(number=1), deed(world)).status_code)
        except Conflict:
            done.append(409)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(done) <= {201, 409}
    assert (len(done), count(world)) == (20, 1)
