"""The broker's files: who may speak where."""

from pathlib import Path

import pytest

from gettone.access_keys import DEVICE_PREFIX, broker_hash, key_digest, new_key
from gettone.errors import InputError
from oracle.transports.broker_files import DeviceUser, Listener, render_acl, render_config, render_passwords

pytestmark = pytest.mark.unit

USERS = [DeviceUser(17, 3, "fontana", "$7$101$a$b"), DeviceUser(17, 4, "fontana", "$7$101$c$d")]


def test_acl__device__may_write_its_own_and_hear_its_answers_only() -> None:
    block = render_acl(USERS[:1]).split("\n\n")[1]
    assert block.splitlines() == [
        "user 17.3",
        "topic write gettone/v1/fontana/17/readings",
        "topic write gettone/v1/fontana/17/status",
        "topic read gettone/v1/fontana/17/ack",
    ]


def test_passwords__two_keys_of_a_device__are_two_users() -> None:
    assert render_passwords(USERS, "$7$own").splitlines() == ["gettone:$7$own", "17.3:$7$101$a$b", "17.4:$7$101$c$d"]


def test_certificates__two_of_a_device__are_one_user_without_a_password() -> None:
    certified = [DeviceUser(18, key_id, "fontana", None) for key_id in (5, 6)]
    assert render_passwords(certified, "$7$own").splitlines() == ["gettone:$7$own"]
    assert [line for line in render_acl(certified).splitlines() if line.startswith("user")] == [
        "user gettone",
        "user 18",
    ]


def test_config__certificates__have_a_listener_of_their_own_that_takes_the_name_from_them() -> None:
    folder = Path("/srv/broker")
    files = (folder / "ca", folder / "c", folder / "k", folder, folder / "s")
    plain = render_config(Listener(8883, "127.0.0.1", *files))
    assert "require_certificate" not in plain
    listeners = render_config(Listener(8883, "127.0.0.1", *files, 8884)).split("\nlistener ")[1:]
    assert [one.splitlines()[0] for one in listeners] == ["8883 127.0.0.1", "8884 127.0.0.1"]
    assert ["use_identity_as_username true" in one for one in listeners] == [False, True]
    assert ["require_certificate true" in one for one in listeners] == [False, True]


def test_config__sessions__are_kept_on_disk_without_limit() -> None:
    folder = Path("/srv/broker")
    text = render_config(Listener(8883, "0.0.0.0", folder / "ca", folder / "c", folder / "k", folder, folder / "s"))  # noqa: S104
    for line in (
        "listener 8883 0.0.0.0",
        "tls_version tlsv1.2",
        "allow_anonymous false",
        "persistence true",
        "max_inflight_messages 0",
        "max_queued_messages 0",
    ):
        assert line in text.splitlines()


def test_key__new__is_32_random_bytes_with_its_prefix() -> None:
    first, second = new_key(DEVICE_PREFIX), new_key(DEVICE_PREFIX)
    assert first != second
    assert (first[:3], len(first)) == ("gk_", 46)
    assert len(key_digest(first)) == 32


@pytest.mark.parametrize("text", ["", "gk_", "gx_" + "a" * 43, "gk_" + "a" * 42, "gk_" + "a" * 42 + "+"])
def test_key__other_text__is_refused(text: str) -> None:
    with pytest.raises(InputError, match="copy it whole"):
        key_digest(text)


def test_broker_hash__same_key_twice__differs_by_its_salt() -> None:
    key = new_key(DEVICE_PREFIX)
    assert broker_hash(key) != broker_hash(key)
    assert broker_hash(key).startswith("$7$101$")
