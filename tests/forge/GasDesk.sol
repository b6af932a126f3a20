// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev The reference: OpenZeppelin's token as it is, and its loop of credits.
contract PlainToken is ERC20("Plain", "PLN") {
    function mintEach(bytes32[] calldata payouts) external {
        for (uint256 i; i < payouts.length; ++i) {
            uint256 payout = uint256(payouts[i]);
            _mint(address(uint160(payout >> 96)), uint96(payout));
        }
    }
}

/// @dev Measures exact gas of whole transactions: the tests run with `isolate`, where every call is a transaction of
/// its own with its base cost, its calldata and cold storage. Figures are compared with the committed ones; goals are
/// asserted by the tests.
abstract contract GasDesk is CommunityFixture {
    uint256 internal constant N = 500;
    uint256 internal constant FEWER = 400;

    PlainToken internal plain;

    function setUp() public virtual override {
        super.setUp();
        plain = new PlainToken();
        scheduleModel(P0);
    }

    /// @dev Gas of the transaction just made.
    function lastGas() internal view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    function note(string memory name, uint256 value) internal {
        vm.snapshotValue("gas", name, value);
    }

    /// @dev Gas of one more payout, rounded up.
    function marginal(uint256 gasOfFewer, uint256 gasOfN) internal pure returns (uint256) {
        return (gasOfN - gasOfFewer + N - FEWER - 1) / (N - FEWER);
    }

    /// @dev Amounts of about 12 tokens with all digits: eight bytes, none of them 0, as real payouts have.
    function memberWords(uint256 from, uint256 count) internal returns (bytes32[] memory words) {
        words = new bytes32[](count);
        for (uint256 i; i < count; ++i) words[i] = word(joinMember(from + i), 0xabcd_ef12_3456_789a);
        words = sorted(words);
    }

    function payGas(bytes32[] memory words) internal returns (uint256) {
        bytes32[][] memory chunks = oneChunk(words);
        ISettlementLedger.Proposal memory proposal = nextProposal(chunks);
        openSigned(proposal);
        payChunk(proposal, chunks, 0);
        return lastGas();
    }

    /// @dev Every fee of the community is `bps` from now on.
    function chargeEverywhere(uint16 bps) internal {
        uint64 validFrom = uint64(block.timestamp) + NOTICE + 1;
        vm.prank(TOKEN_ADMIN);
        policy.scheduleFees(ITokenPolicy.Fees(bps, bps, bps, bps, bps, bps, bps, bps, bps, bps), validFrom);
        vm.warp(validFrom);
    }
}
