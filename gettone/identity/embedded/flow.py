"""A login under way: what the application asked for, who the person is so far, and which page comes next."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from gettone.identity.embedded.people import Person, new_ticket
from gettone.identity.embedded.realm import EmbeddedRealm
from gettone.identity.embedded.sessions import Session, Sessions, hashed_ticket
from gettone.identity.embedded.store import Transaction

FLOW_S: Final = 1800
_KIND: Final = "flow"


@dataclass
class Flow:
    """One login or action; `binding` is the hash of a cookie, so that no other browser can go on with it."""

    flow_id: str
    binding: str
    client: str
    redirect_uri: str
    state: str | None = None
    nonce: str | None = None
    challenge: str = ""
    level: int = 1
    action: str | None = None
    action_status: str | None = None
    step: str = "login"
    sub: str | None = None
    sid: str | None = None
    must_log_in: bool = False
    has_password: bool = False
    has_second_factor: bool = False
    shows_codes: bool = False
    device: str | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """A page to show: its name, what it shows, and the name of what was wrong."""

    page: str
    flow: Flow | None = None
    values: dict[str, Any] = field(default_factory=dict)
    wrong: str | None = None
    status: int = 200


@dataclass(frozen=True)
class Return:
    """Back to an application; `cookie` is the secret of a session that has begun."""

    url: str
    cookie: str | None = None


@dataclass
class Visit:
    """What a step works with: a transaction, the flow, and messages to send once the transaction is stored."""

    realm: EmbeddedRealm
    db: Transaction
    flow: Flow
    messages: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sessions(self) -> Sessions:
        """The sessions within the transaction."""
        return Sessions(self.realm, self.db)

    def person(self) -> Person | None:
        """The person so far."""
        return None if self.flow.sub is None else self.realm.people(self.db).by_sub(self.flow.sub)

    def session(self) -> Session | None:
        """The session that the flow began with, while it lives."""
        return None if self.flow.sid is None else self.sessions.live(self.flow.sid)

    def save(self) -> None:
        """Store the flow."""
        flow = self.flow
        self.db.put(
            _KIND, hashed_ticket(flow.flow_id), asdict(flow), owner=flow.sub, expires_s=self.realm.now_s + FLOW_S
        )

    def close(self) -> None:
        """Forget the flow: it has come to its end."""
        self.db.delete(_KIND, hashed_ticket(self.flow.flow_id))


def new_flow(client: str, redirect_uri: str, binding_cookie: str, **asked: Any) -> Flow:
    """A flow of the browser with that cookie."""
    return Flow(new_ticket(), hashed_ticket(binding_cookie), client, redirect_uri, **asked)


def load_flow(db: Transaction, flow_id: str, binding_cookie: str | None) -> Flow | None:
    """The flow of that id; None for an unknown one, or one of another browser."""
    doc = db.get(_KIND, hashed_ticket(flow_id))
    if doc is None or not binding_cookie or doc["binding"] != hashed_ticket(binding_cookie):
        return None
    return Flow(**doc)
