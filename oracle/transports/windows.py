"""Windows of messages: what arrived within a few seconds becomes one batch."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from gettone.metering.messages import Message, Span

WINDOW_S = 5.0
WINDOW_BYTES = 4 * 1024 * 1024


class Delivery(NamedTuple):
    """A message with what its acknowledgement needs: the packet id and the connection it came over."""

    message: Message
    packet_id: int
    connection: int


@dataclass(slots=True)
class Window:
    """Messages of one batch, one line each; no two of them speak for one device, direction and slot.

    closes_s: when it is over by its age, on a clock that only goes forward [s].
    batch_id: its batch, once it is received.
    """

    closes_s: float
    deliveries: list[Delivery] = field(default_factory=list)
    size_bytes: int = 0
    batch_id: int | None = None
    _spans: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def add(self, delivery: Delivery) -> bool:
        """Take a message in; False when it does not fit and has to begin the next window."""
        message = delivery.message
        if self.size_bytes and self.size_bytes + len(message.line) + 1 > WINDOW_BYTES:
            return False
        if message.span is not None:
            taken = self._spans[message.topic.device_id]
            if any(message.span.meets(one) for one in taken):
                return False
            taken.append(message.span)
        self.deliveries.append(delivery)
        self.size_bytes += len(message.line) + 1
        return True

    def due_in_s(self, now_s: float) -> float:
        """Seconds until the window closes by its age; 0 when it is over."""
        return max(0.0, self.closes_s - now_s)

    @property
    def payload(self) -> bytes:
        """The bytes of the batch: JSON lines."""
        return b"".join(one.message.line + b"\n" for one in self.deliveries)
