// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev Rules of the policy that agreements meet; each comes into force after the notice.
abstract contract ExchangeRules is CommunityFixture {
    /// @dev Service fees of 1 % to a citizen and 5 % to a stakeholder, whoever pays, in force after the notice.
    function chargeFees() internal {
        ITokenPolicy.Fees memory fees;
        (fees.serviceCitizenToCitizen, fees.serviceStakeholderToCitizen) = (100, 100);
        (fees.serviceCitizenToStakeholder, fees.serviceStakeholderToStakeholder) = (500, 500);
        vm.prank(TOKEN_ADMIN);
        policy.scheduleFees(fees, uint64(block.timestamp) + NOTICE + 1);
        vm.warp(block.timestamp + NOTICE + 1);
    }

    function ratesOf(uint96 unitsPerHour) internal pure returns (ITokenPolicy.Rates memory) {
        return ITokenPolicy.Rates({unitsPerCent: 0.1e18, unitsPerHour: unitsPerHour});
    }

    /// @dev 4 tokens for each service of category 1, three quarters to the provider, in force after the notice.
    function giveIncentive(uint8 requiredChecks) internal {
        ITokenPolicy.IncentiveRule memory rule = ITokenPolicy.IncentiveRule({
            fixedUnits: 4e18, priceBps: 0, capUnits: 4e18, providerPermille: 750, requiredChecks: requiredChecks
        });
        vm.prank(TOKEN_ADMIN);
        policy.scheduleIncentive(1, 0, rule, uint64(block.timestamp) + NOTICE + 1);
        vm.warp(block.timestamp + NOTICE + 1);
    }
}
