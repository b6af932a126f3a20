"""What the way by which a flow arrives asks of its configuration (metering specification §3.2)."""

from gettone.errors import InputError
from gettone.metering.flow import FlowConfig

MQTT, TRIAGE, REST, UPLOAD, HTTPS = "mqtt", "triage", "rest", "upload", "https"
TRANSPORTS = (MQTT, TRIAGE, REST, UPLOAD, HTTPS)
# Messages and requests name a device by our number, files by the name their sender knows.
BY_NUMBER = (MQTT, REST)
# A window or a request goes on without its bad rows: one broken meter must not stop the others.
ALL_REJECTED = 1000


def require_fitting(transport: str, config: FlowConfig) -> None:
    """InputError for an unknown transport, and for messages or requests that one bad row would stop."""
    if transport not in TRANSPORTS:
        raise InputError("source_transport", f"transport {transport!r} is not one of {', '.join(TRANSPORTS)}")
    if transport in BY_NUMBER and (config.syntax, config.max_reject_permille) != ("json", ALL_REJECTED):
        raise InputError(
            "source_value",
            f"messages and requests need syntax json and max_reject_permille {ALL_REJECTED}, "
            "so that one bad message does not stop the others",
        )
