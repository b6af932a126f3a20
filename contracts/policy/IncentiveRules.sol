// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../interfaces/ITokenPolicy.sol";
import {Categories} from "../libraries/Categories.sol";
import {Timeline} from "../libraries/Timeline.sol";
import {PolicyClock} from "./PolicyClock.sol";

/// @dev One timeline of incentive rules for each category and kind of agreement. Part of the TokenPolicy.
abstract contract IncentiveRules is PolicyClock {
    using Timeline for Timeline.Line;

    uint16 private constant BPS = 10_000;
    uint16 private constant PERMILLE = 1_000;
    uint8 private constant ALL_CHECKS = 3;

    /// Of one category and kind. There is no version 0: its rule is all 0.
    struct History {
        Timeline.Line timeline;
        mapping(uint256 version => IncentiveRule) rules;
    }

    mapping(uint8 category => mapping(uint8 kind => History)) private _histories;

    /// @inheritdoc ITokenPolicy
    function scheduleIncentive(uint8 category, uint8 kind, IncentiveRule calldata rule, uint64 validFrom)
        external
        restricted
    {
        if (!_earns(category, kind)) revert TokenPolicyKindNotAllowed(category, kind);
        _requireRule(rule);
        History storage history = _histories[category][kind];
        history.rules[_scheduleOn(history.timeline, validFrom)] = rule;
        emit IncentiveScheduled(category, kind, validFrom, rule);
    }

    /// @dev Categories in which members pay; what the community pays for has no incentive on top.
    function _earns(uint8 category, uint8 kind) private pure returns (bool) {
        bool membersPay = category >= Categories.FIRST && !Categories.isPaidByCommunity(category);
        return membersPay && (Categories.ruleOf(category).kinds >> kind) & 1 == 1;
    }

    /// @dev A rule that names an amount names a cap: a forgotten one would quietly pay nothing.
    function _requireRule(IncentiveRule calldata rule) private pure {
        _requireRange("fixedUnits", rule.fixedUnits, 0, rule.capUnits);
        _requireRange("priceBps", rule.priceBps, 0, BPS);
        _requireRange("capUnits", rule.capUnits, rule.priceBps == 0 ? 0 : 1, type(uint96).max);
        _requireRange("providerPermille", rule.providerPermille, 0, PERMILLE);
        _requireRange("requiredChecks", rule.requiredChecks, 0, ALL_CHECKS);
    }

    /// @inheritdoc ITokenPolicy
    function incentiveAt(uint8 category, uint8 kind, uint64 time) external view returns (IncentiveRule memory) {
        History storage history = _histories[category][kind];
        return history.rules[history.timeline.versionAt(time)];
    }

    /// @inheritdoc ITokenPolicy
    function scheduledIncentive(uint8 category, uint8 kind)
        external
        view
        returns (IncentiveRule memory rule, uint64 validFrom)
    {
        History storage history = _histories[category][kind];
        uint256 version;
        (version, validFrom) = history.timeline.pending();
        rule = history.rules[version];
    }
}
