"""Windows of messages, and the memory that may hold them."""

import threading
import time

import pytest

from gettone.metering.messages import Message, Span, Topic
from oracle.transports.inbox import Inbox
from oracle.transports.windows import WINDOW_BYTES, Delivery, Window

pytestmark = pytest.mark.unit


def delivery(
    device_id: int = 1, slots: tuple[int, int] | None = (0, 4), size: int = 100, connection: int = 1
) -> Delivery:
    span = None if slots is None else Span(1, *slots)
    return Delivery(Message(Topic("fontana", device_id, "readings"), "x", b"x" * size, 4, span), 1, connection)


def test_window__two_devices_and_two_ranges__are_one_batch() -> None:
    window = Window(0.0)
    assert all(window.add(one) for one in (delivery(1), delivery(2), delivery(1, (4, 8))))
    assert window.payload == (b"x" * 100 + b"\n") * 3


def test_window__second_value_for_a_slot__begins_the_next_one() -> None:
    window = Window(0.0)
    assert window.add(delivery(1, (0, 4)))
    assert not window.add(delivery(1, (3, 7)))
    assert len(window.deliveries) == 1


def test_window__same_slot_of_the_other_direction__is_no_second_value() -> None:
    window = Window(0.0)
    other = Message(Topic("fontana", 1, "readings"), "x", b"x", 1, Span(2, 0, 4))
    assert window.add(delivery(1, (0, 4)))
    assert window.add(Delivery(other, 2, 1))


def test_window__refused_messages__never_close_it() -> None:
    window = Window(0.0)
    assert all(window.add(delivery(1, None)) for _ in range(3))


def test_window__four_mebibytes__are_its_end() -> None:
    window = Window(0.0)
    assert window.add(delivery(1, (0, 4), WINDOW_BYTES - 1))
    assert not window.add(delivery(2, (0, 4), 1))


def test_inbox__second_value__comes_in_a_window_of_its_own_at_once() -> None:
    inbox = Inbox(window_s=0.05)
    for device in (1, 2, 1):
        inbox.put(delivery(device))
    first, second = inbox.next_window(), inbox.next_window()
    assert first is not None
    assert second is not None
    assert [one.message.topic.device_id for one in first.deliveries] == [1, 2]
    assert [one.message.topic.device_id for one in second.deliveries] == [1]


def test_inbox__few_messages__wait_for_the_age_of_the_window() -> None:
    inbox = Inbox(window_s=0.2)
    inbox.put(delivery())
    before = time.monotonic()
    assert inbox.next_window() is not None
    assert time.monotonic() - before >= 0.15


@pytest.mark.parametrize(("max_bytes", "max_messages"), [(250, 10), (10_000, 2)])
def test_inbox__full__takes_nothing_until_a_window_is_stored(max_bytes: int, max_messages: int) -> None:
    inbox = Inbox(0.01, max_bytes, max_messages)
    inbox.put(delivery(1))
    inbox.put(delivery(2))
    third = threading.Thread(target=inbox.put, args=(delivery(3),))
    third.start()
    window = inbox.next_window()
    assert window is not None
    third.join(0.1)
    assert third.is_alive(), "what a window holds is not stored yet"
    assert inbox.held == (200, 2)
    inbox.release(window)
    third.join(5)
    assert inbox.held == (100, 1)


def test_inbox__connection_lost__forgets_what_the_broker_will_repeat() -> None:
    inbox = Inbox(0.01)
    inbox.put(delivery(1, connection=1))
    inbox.put(delivery(2, connection=2))
    inbox.forget(1)
    window = inbox.next_window()
    assert window is not None
    assert [one.message.topic.device_id for one in window.deliveries] == [2]
    assert inbox.held == (100, 1)


def test_inbox__closed__ends_who_waits() -> None:
    inbox = Inbox(0.01)
    found: list[Window | None] = []
    waiting = threading.Thread(target=lambda: found.append(inbox.next_window()))
    waiting.start()
    inbox.close()
    waiting.join(5)
    assert found == [None]
