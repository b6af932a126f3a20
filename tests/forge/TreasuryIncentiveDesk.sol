// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {TreasuryDesk} from "./TreasuryDesk.sol";
import {Vm} from "./Vm.sol";

/// @dev Four citizens whose services of category 1 earn an incentive; budgets as of the desk.
abstract contract TreasuryIncentiveDesk is TreasuryDesk {
    bytes32 internal constant AGREEMENT = keccak256("agreement");

    function setUp() public override {
        super.setUp();
        for (uint256 i = 1; i <= 4; ++i) join(i, CITIZEN);
        fund(1_000e18);
        // 6 tokens and 5 % of the price, at most 30; three quarters are the provider's.
        enforce(1, 1, ITokenPolicy.IncentiveRule(6e18, 500, 30e18, 750, 0));
    }

    // --------------------------------------------------------------------------------------------------- REQUEST

    function requestOf(uint256 provider, uint256 payer, uint96 price)
        internal
        view
        returns (ITreasury.IncentiveRequest memory)
    {
        bytes32[] memory payers = new bytes32[](1);
        payers[0] = idOf(payer);
        return ITreasury.IncentiveRequest(
            AGREEMENT, 1, 1, uint64(block.timestamp), 0, price, idOf(provider), payers
        );
    }

    function pay(uint256 provider, uint256 payer, uint96 price) internal returns (bool) {
        return treasury.payIncentive(requestOf(provider, payer, price));
    }

    /// @dev Category 2: member 1 provides, members 2 to 4 pay.
    function payThree(uint96 price) internal {
        ITreasury.IncentiveRequest memory request = requestOf(1, 2, price);
        (request.category, request.kind) = (2, 0);
        request.payers = new bytes32[](3);
        for (uint256 i; i < 3; ++i) request.payers[i] = idOf(2 + i);
        require(treasury.payIncentive(request), "closed");
    }

    // ---------------------------------------------------------------------------------------------- EXPECTATIONS

    function requirePaidEvent(Vm.Log memory log, uint256 number, uint256 units) internal pure {
        same(log.topics[0], ITreasury.IncentivePaid.selector, "event");
        same(log.topics[1], AGREEMENT, "agreement");
        same(log.topics[2], idOf(number), "member");
        same(log.topics[3], bytes32(uint256(uint160(walletOf(number)))), "wallet");
        same(abi.decode(log.data, (uint256)), units, "units");
    }

    /// @dev The first event since `vm.recordLogs()`.
    function requireReduced(uint256 wanted, uint256 paid) internal {
        Vm.Log memory log = vm.getRecordedLogs()[0];
        same(log.topics[0], ITreasury.IncentiveReduced.selector, "event");
        same(log.topics[1], AGREEMENT, "agreement");
        same(keccak256(log.data), keccak256(abi.encode(wanted, paid)), "wanted and paid");
    }
}
