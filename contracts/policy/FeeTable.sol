// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICommunityToken} from "../interfaces/ICommunityToken.sol";
import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {ITreasury} from "../interfaces/ITreasury.sol";
import {Timeline} from "../libraries/Timeline.sol";
import {PolicyClock} from "./PolicyClock.sol";

/// @dev The fee table, and the copy of its transfer fees that the token keeps so that a transfer need not ask. Part of
/// the TokenPolicy.
abstract contract FeeTable is PolicyClock {
    using Timeline for Timeline.Line;

    /// The token refuses higher ones by itself.
    uint16 private constant FEE_LIMIT_BPS = 2_000;

    uint8 private constant CITIZEN = 1;
    uint8 private constant STAKEHOLDER = 2;

    ICommunityToken private _token;
    Timeline.Line private _timeline;
    mapping(uint256 version => Fees) private _fees;

    constructor(Fees memory fees) {
        _requireFees(fees);
        _fees[_timeline.schedule(start())] = fees;
        emit FeesScheduled(start(), fees);
    }

    // ----------------------------------------------------------------------------------------------------- TOKEN

    /// @inheritdoc ITokenPolicy
    function bind(address token_) external restricted {
        if (address(_token) != address(0)) revert TokenPolicyAlreadyBound(address(_token));
        address linked = ITreasury(ICommunityToken(token_).treasury()).policy();
        if (linked != address(this)) revert TokenPolicyNotLinked("token.treasury.policy", linked, address(this));
        _token = ICommunityToken(token_);
        emit PolicyBound(token_);
        _tellToken();
    }

    /// @dev Without a pending change the fees that come next are those in force.
    function _tellToken() private {
        uint64 present = _transferFees(_fees[_timeline.versionAt(uint64(block.timestamp))]);
        (uint256 version, uint64 validFrom) = _timeline.pending();
        uint64 next = version == 0 ? present : _transferFees(_fees[version]);
        _token.setTransferFees(present, next, uint40(validFrom));
    }

    /// @dev The first field in the highest 16 bits.
    function _transferFees(Fees storage fees) private view returns (uint64) {
        return (uint64(fees.transferCitizenToCitizen) << 48) | (uint64(fees.transferCitizenToStakeholder) << 32)
            | (uint64(fees.transferStakeholderToCitizen) << 16) | fees.transferStakeholderToStakeholder;
    }

    // ------------------------------------------------------------------------------------------------ SCHEDULING

    /// @inheritdoc ITokenPolicy
    function scheduleFees(Fees calldata fees, uint64 validFrom) external restricted {
        if (address(_token) == address(0)) revert TokenPolicyNotBound();
        _requireFees(fees);
        _fees[_scheduleOn(_timeline, validFrom)] = fees;
        emit FeesScheduled(validFrom, fees);
        _tellToken();
    }

    function _requireFees(Fees memory fees) private pure {
        _requireFee("transferCitizenToCitizen", fees.transferCitizenToCitizen);
        _requireFee("transferCitizenToStakeholder", fees.transferCitizenToStakeholder);
        _requireFee("transferStakeholderToCitizen", fees.transferStakeholderToCitizen);
        _requireFee("transferStakeholderToStakeholder", fees.transferStakeholderToStakeholder);
        _requireFee("serviceCitizenToCitizen", fees.serviceCitizenToCitizen);
        _requireFee("serviceCitizenToStakeholder", fees.serviceCitizenToStakeholder);
        _requireFee("serviceStakeholderToCitizen", fees.serviceStakeholderToCitizen);
        _requireFee("serviceStakeholderToStakeholder", fees.serviceStakeholderToStakeholder);
        _requireFee("assignmentToCitizen", fees.assignmentToCitizen);
        _requireFee("assignmentToStakeholder", fees.assignmentToStakeholder);
    }

    function _requireFee(string memory name, uint16 bps) private pure {
        _requireRange(name, bps, 0, FEE_LIMIT_BPS);
    }

    // ----------------------------------------------------------------------------------------------------- VIEWS

    /// @inheritdoc ITokenPolicy
    function feesAt(uint64 time) external view returns (Fees memory) {
        return _fees[_versionAt(_timeline, time)];
    }

    /// @inheritdoc ITokenPolicy
    function serviceFeeBpsAt(uint8 payerClass, uint8 receiverClass, uint64 time) external view returns (uint16) {
        Fees storage fees = _fees[_versionAt(_timeline, time)];
        if (payerClass == CITIZEN) {
            if (receiverClass == CITIZEN) return fees.serviceCitizenToCitizen;
            if (receiverClass == STAKEHOLDER) return fees.serviceCitizenToStakeholder;
        } else if (payerClass == STAKEHOLDER) {
            if (receiverClass == CITIZEN) return fees.serviceStakeholderToCitizen;
            if (receiverClass == STAKEHOLDER) return fees.serviceStakeholderToStakeholder;
        }
        return 0;
    }

    /// @inheritdoc ITokenPolicy
    function assignmentFeesAt(uint64 time) external view returns (uint16 citizenBps, uint16 stakeholderBps) {
        Fees storage fees = _fees[_versionAt(_timeline, time)];
        return (fees.assignmentToCitizen, fees.assignmentToStakeholder);
    }

    /// @inheritdoc ITokenPolicy
    function scheduledFees() external view returns (Fees memory fees, uint64 validFrom) {
        uint256 version;
        (version, validFrom) = _timeline.pending();
        fees = _fees[version];
    }

    /// @inheritdoc ITokenPolicy
    function token() external view returns (address) {
        return address(_token);
    }
}
