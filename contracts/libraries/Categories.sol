// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The eight categories of services
/// @notice Who provides, who pays, and which kinds there are: the table of IServiceExchange.
library Categories {
    uint8 internal constant FIRST = 1;
    uint8 internal constant LAST = 8;

    uint8 internal constant CITIZEN = 1;
    uint8 internal constant STAKEHOLDER = 2;

    uint8 internal constant SERVICE = 0;
    uint8 internal constant TIME_BANK = 1;
    uint8 internal constant USED_GOODS = 2;
    uint8 internal constant LOAN = 3;
    uint8 internal constant NEW_GOODS = 4;

    uint8 private constant SERVICES = uint8(1 << SERVICE);
    uint8 private constant SERVICES_AND_HOURS = uint8(SERVICES | 1 << TIME_BANK);
    uint8 private constant GOODS = uint8(1 << USED_GOODS | 1 << LOAN);

    struct Rule {
        uint8 providerClass;
        uint8 payerClass; // 0: the community pays
        uint8 maxPayers; // at least one where any
        bool hasStructure; // of a stakeholder
        uint8 kinds; // bit `1 << kind` for each kind
    }

    /// @return The rule of a category from 1 to 8.
    function ruleOf(uint8 category) internal pure returns (Rule memory) {
        if (category == 1) return Rule(CITIZEN, CITIZEN, 1, false, SERVICES_AND_HOURS | GOODS);
        if (category == 2) return Rule(CITIZEN, CITIZEN, 32, true, SERVICES_AND_HOURS);
        if (category == 3) return Rule(STAKEHOLDER, CITIZEN, 1, false, uint8(SERVICES | 1 << NEW_GOODS));
        if (category == 4) return Rule(STAKEHOLDER, STAKEHOLDER, 1, false, SERVICES | GOODS);
        if (category == 5) return Rule(CITIZEN, STAKEHOLDER, 1, false, SERVICES);
        if (category == 6) return Rule(CITIZEN, 0, 0, false, SERVICES_AND_HOURS);
        if (category == 7) return Rule(STAKEHOLDER, 0, 0, false, SERVICES);
        return Rule(CITIZEN, 0, 0, true, SERVICES_AND_HOURS);
    }

    /// @dev Categories 6 to 8: the Treasury funds, a verifier confirms, the platform administrator resolves.
    function isPaidByCommunity(uint8 category) internal pure returns (bool) {
        return category >= 6;
    }
}
