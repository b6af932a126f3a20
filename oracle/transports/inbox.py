"""What arrived and was not acknowledged yet: bounded, so that a slow database fills the broker's disk, not memory."""

from collections import deque
from threading import Condition
from time import monotonic

from oracle.transports.windows import WINDOW_S, Delivery, Window

MAX_BYTES = 64 * 1024 * 1024
MAX_MESSAGES = 10_000


class Inbox:
    """A queue between the thread that receives and the one that stores.

    `put` waits while the bound is reached: the receiver then reads nothing, and the broker keeps the rest.  What a
    window took out still counts until `release`, since it is neither stored nor acknowledged.
    """

    def __init__(
        self, window_s: float = WINDOW_S, max_bytes: int = MAX_BYTES, max_messages: int = MAX_MESSAGES
    ) -> None:
        self._window_s, self._max_bytes, self._max_messages = window_s, max_bytes, max_messages
        self._changed = Condition()
        self._waiting: deque[Delivery] = deque()
        self._held_bytes = self._held_messages = 0
        self._closed = False

    @property
    def held(self) -> tuple[int, int]:
        """Bytes and messages held in memory now."""
        return self._held_bytes, self._held_messages

    def put(self, delivery: Delivery) -> None:
        """Take a message in, after waiting for room; nothing after `close`."""
        size = len(delivery.message.line)
        with self._changed:
            while not self._closed and not self._has_room(size):
                self._changed.wait()
            if self._closed:
                return
            self._waiting.append(delivery)
            self._held_bytes += size
            self._held_messages += 1
            self._changed.notify_all()

    def forget(self, connection: int) -> None:
        """Drop what came over a connection that ended: the broker delivers it again over the next one."""
        with self._changed:
            lost = [one for one in self._waiting if one.connection == connection]
            self._waiting = deque(one for one in self._waiting if one.connection != connection)
            self._held_bytes -= sum(len(one.message.line) for one in lost)
            self._held_messages -= len(lost)
            self._changed.notify_all()

    def next_window(self) -> Window | None:
        """The next window, once it is full, over or closed by a second value; None after `close`."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            window = Window(monotonic() + self._window_s)
            while not self._closed:
                while self._waiting and window.add(self._waiting[0]):
                    self._waiting.popleft()
                if self._waiting or (window.deliveries and window.due_in_s(monotonic()) == 0):
                    return window
                self._changed.wait(window.due_in_s(monotonic()) if window.deliveries else None)
            return None

    def release(self, window: Window) -> None:
        """Forget a window that was stored."""
        with self._changed:
            self._held_bytes -= sum(len(one.message.line) for one in window.deliveries)
            self._held_messages -= len(window.deliveries)
            self._changed.notify_all()

    def close(self) -> None:
        """Let everybody who waits go on and end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_room(self, size: int) -> bool:
        return self._held_messages < self._max_messages and self._held_bytes + size <= self._max_bytes
