"""All tables; importing this package registers them in `Base.metadata`."""

from gettone.db.tables.agreement_draft import AgreementDraft
from gettone.db.tables.anomaly import Anomaly
from gettone.db.tables.audit_entry import AuditEntry
from gettone.db.tables.audit_text import AuditText
from gettone.db.tables.auditor_read import AuditorRead
from gettone.db.tables.batch import Batch
from gettone.db.tables.chain_agreement import ChainAgreement
from gettone.db.tables.chain_agreement_party import ChainAgreementParty
from gettone.db.tables.chain_block import ChainBlock
from gettone.db.tables.chain_checkpoint import ChainCheckpoint
from gettone.db.tables.chain_cursor import ChainCursor
from gettone.db.tables.chain_event import ChainEvent
from gettone.db.tables.chain_transaction import ChainTransaction
from gettone.db.tables.channel import Channel
from gettone.db.tables.cluster import Cluster
from gettone.db.tables.cluster_derived_series import ClusterDerivedSeries
from gettone.db.tables.cluster_device import ClusterDevice
from gettone.db.tables.cluster_group import ClusterGroup
from gettone.db.tables.cluster_user import ClusterUser
from gettone.db.tables.code import CodeRow
from gettone.db.tables.community import Community
from gettone.db.tables.community_key import CommunityKey
from gettone.db.tables.coverage_day import CoverageDay
from gettone.db.tables.denied_session import DeniedSession
from gettone.db.tables.derived_series import DerivedSeries
from gettone.db.tables.derived_series_data import DerivedSeriesData
from gettone.db.tables.derived_series_device import DerivedSeriesDevice
from gettone.db.tables.derived_series_user import DerivedSeriesUser
from gettone.db.tables.device import Device
from gettone.db.tables.device_contract import DeviceContract
from gettone.db.tables.device_key import DeviceKey
from gettone.db.tables.device_member import DeviceMember
from gettone.db.tables.device_presence import DevicePresence
from gettone.db.tables.edit import Edit
from gettone.db.tables.emission_factor import EmissionFactor
from gettone.db.tables.erasure import Erasure
from gettone.db.tables.estimate import Estimate
from gettone.db.tables.fee_payment import FeePayment
from gettone.db.tables.flow import Flow
from gettone.db.tables.flow_community import FlowCommunity
from gettone.db.tables.flow_config import FlowConfigRow
from gettone.db.tables.flow_device import FlowDevice
from gettone.db.tables.gap import Gap
from gettone.db.tables.gate import Gate
from gettone.db.tables.gate_rule import GateRule
from gettone.db.tables.gse_share import GseShare
from gettone.db.tables.holiday import Holiday
from gettone.db.tables.household_norm import HouseholdNorm
from gettone.db.tables.idempotent_answer import IdempotentAnswer
from gettone.db.tables.indicator_day import CommunityDay, MemberDay
from gettone.db.tables.ingest_leaf import IngestLeaf
from gettone.db.tables.invitation import Invitation
from gettone.db.tables.job_run import JobRun
from gettone.db.tables.join_request import JoinRequest
from gettone.db.tables.login_session import LoginSession
from gettone.db.tables.mail import Mail
from gettone.db.tables.measurement_table import MeasurementTable
from gettone.db.tables.member_act import MemberAct
from gettone.db.tables.member_interval import MemberInterval
from gettone.db.tables.member_key import MemberKey
from gettone.db.tables.membership import Membership
from gettone.db.tables.message import Message
from gettone.db.tables.message_read import MessageRead
from gettone.db.tables.meter_change import MeterChange
from gettone.db.tables.offer import Offer
from gettone.db.tables.offer_picture import OfferPicture
from gettone.db.tables.operation import Operation
from gettone.db.tables.payment_request import PaymentRequest
from gettone.db.tables.pending_check import PendingCheck
from gettone.db.tables.platform_key import PlatformKey
from gettone.db.tables.poll import Poll
from gettone.db.tables.poll_vote import PollVote
from gettone.db.tables.price import Price
from gettone.db.tables.proposal import Proposal
from gettone.db.tables.reader_key import ReaderKey
from gettone.db.tables.reading import Reading
from gettone.db.tables.reading_version import ReadingVersion
from gettone.db.tables.reconciliation import Reconciliation
from gettone.db.tables.register_base import RegisterBase
from gettone.db.tables.reject import Reject
from gettone.db.tables.role import Role
from gettone.db.tables.role_grant import RoleGrant
from gettone.db.tables.rule_change import RuleChange
from gettone.db.tables.sample import Sample
from gettone.db.tables.settlement import Settlement
from gettone.db.tables.settlement_approval import SettlementApproval
from gettone.db.tables.settlement_attestation import SettlementAttestation
from gettone.db.tables.settlement_chunk import SettlementChunk
from gettone.db.tables.settlement_member import SettlementMember
from gettone.db.tables.settlement_series import SettlementSeries
from gettone.db.tables.sharing_consent import SharingConsent
from gettone.db.tables.signal_label import SignalLabel
from gettone.db.tables.source import Source
from gettone.db.tables.stated_total import StatedTotal
from gettone.db.tables.supplier import Supplier
from gettone.db.tables.supplier_community import SupplierCommunity
from gettone.db.tables.takeout import TakeoutFile
from gettone.db.tables.token_balance import TokenBalance
from gettone.db.tables.token_entry import TokenEntry
from gettone.db.tables.token_wallet import TokenWallet
from gettone.db.tables.user import User
from gettone.db.tables.user_community import UserCommunity
from gettone.db.tables.wallet import Wallet
from gettone.db.tables.wallet_challenge import WalletChallenge
from gettone.db.tables.wallet_replacement import WalletReplacement
from gettone.db.tables.weather import Weather

__all__ = [
    "AgreementDraft",
    "Anomaly",
    "AuditEntry",
    "AuditText",
    "AuditorRead",
    "Batch",
    "ChainAgreement",
    "ChainAgreementParty",
    "ChainBlock",
    "ChainCheckpoint",
    "ChainCursor",
    "ChainEvent",
    "ChainTransaction",
    "Channel",
    "Cluster",
    "ClusterDerivedSeries",
    "ClusterDevice",
    "ClusterGroup",
    "ClusterUser",
    "CodeRow",
    "Community",
    "CommunityDay",
    "CommunityKey",
    "CoverageDay",
    "DeniedSession",
    "DerivedSeries",
    "DerivedSeriesData",
    "DerivedSeriesDevice",
    "DerivedSeriesUser",
    "Device",
    "DeviceContract",
    "DeviceKey",
    "DeviceMember",
    "DevicePresence",
    "Edit",
    "EmissionFactor",
    "Erasure",
    "Estimate",
    "FeePayment",
    "Flow",
    "FlowCommunity",
    "FlowConfigRow",
    "FlowDevice",
    "Gap",
    "Gate",
    "GateRule",
    "GseShare",
    "Holiday",
    "HouseholdNorm",
    "IdempotentAnswer",
    "IngestLeaf",
    "Invitation",
    "JobRun",
    "JoinRequest",
    "LoginSession",
    "Mail",
    "MeasurementTable",
    "MemberAct",
    "MemberDay",
    "MemberInterval",
    "MemberKey",
    "Membership",
    "Message",
    "MessageRead",
    "MeterChange",
    "Offer",
    "OfferPicture",
    "Operation",
    "PaymentRequest",
    "PendingCheck",
    "PlatformKey",
    "Poll",
    "PollVote",
    "Price",
    "Proposal",
    "ReaderKey",
    "Reading",
    "ReadingVersion",
    "Reconciliation",
    "RegisterBase",
    "Reject",
    "Role",
    "RoleGrant",
    "RuleChange",
    "Sample",
    "Settlement",
    "SettlementApproval",
    "SettlementAttestation",
    "SettlementChunk",
    "SettlementMember",
    "SettlementSeries",
    "SharingConsent",
    "SignalLabel",
    "Source",
    "StatedTotal",
    "Supplier",
    "SupplierCommunity",
    "TakeoutFile",
    "TokenBalance",
    "TokenEntry",
    "TokenWallet",
    "User",
    "UserCommunity",
    "Wallet",
    "WalletChallenge",
    "WalletReplacement",
    "Weather",
]
