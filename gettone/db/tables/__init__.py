"""All tables; importing this package registers them in `Base.metadata`."""

from gettone.db.tables.batch import Batch
from gettone.db.tables.chain_transaction import ChainTransaction
from gettone.db.tables.channel import Channel
from gettone.db.tables.community import Community
from gettone.db.tables.community_key import CommunityKey
from gettone.db.tables.device import Device
from gettone.db.tables.device_contract import DeviceContract
from gettone.db.tables.device_member import DeviceMember
from gettone.db.tables.flow import Flow
from gettone.db.tables.flow_device import FlowDevice
from gettone.db.tables.gate import Gate
from gettone.db.tables.member_interval import MemberInterval
from gettone.db.tables.member_key import MemberKey
from gettone.db.tables.platform_key import PlatformKey
from gettone.db.tables.reading import Reading
from gettone.db.tables.reading_version import ReadingVersion
from gettone.db.tables.reject import Reject
from gettone.db.tables.settlement import Settlement
from gettone.db.tables.settlement_chunk import SettlementChunk
from gettone.db.tables.settlement_member import SettlementMember
from gettone.db.tables.settlement_series import SettlementSeries
from gettone.db.tables.supplier import Supplier
from gettone.db.tables.user_community import UserCommunity

__all__ = [
    "Batch",
    "ChainTransaction",
    "Channel",
    "Community",
    "CommunityKey",
    "Device",
    "DeviceContract",
    "DeviceMember",
    "Flow",
    "FlowDevice",
    "Gate",
    "MemberInterval",
    "MemberKey",
    "PlatformKey",
    "Reading",
    "ReadingVersion",
    "Reject",
    "Settlement",
    "SettlementChunk",
    "SettlementMember",
    "SettlementSeries",
    "Supplier",
    "UserCommunity",
]
