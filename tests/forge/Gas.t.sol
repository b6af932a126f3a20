// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {CommunityFixture} from "./CommunityFixture.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @dev The reference: OpenZeppelin's token as it is, and its loop of credits.
contract PlainToken is ERC20("Plain", "PLN") {
    function mintEach(bytes32[] calldata payouts) external {
        for (uint256 i; i < payouts.length; ++i) {
            uint256 payout = uint256(payouts[i]);
            _mint(address(uint160(payout >> 96)), uint96(payout));
        }
    }
}

/// @dev Exact gas of whole transactions: every call of these tests is a transaction of its own (`isolate`), with its
/// base cost, its calldata and cold storage. The figures are compared with the committed ones, the goals asserted.
/// forge-config: default.isolate = true
contract GasTest is CommunityFixture {
    uint256 private constant N = 500;
    uint256 private constant FEWER = 400;

    PlainToken private plain;

    function setUp() public override {
        super.setUp();
        plain = new PlainToken();
        scheduleModel(P0);
    }

    // ----------------------------------------------------------------------------------------------- BATCH CREDIT

    function test_pay__first_and_later_payouts__marginal_gas_within_goal() public {
        payGas(memberWords(10_000, 1)); // the first payout of a community pays for the first word of the supply
        bytes32[] memory fewer = memberWords(1, FEWER);
        bytes32[] memory more = memberWords(1 + FEWER, N);

        uint256 first = marginal(payGas(fewer), payGas(more));
        uint256 whole = payGas(more);
        uint256 later = marginal(payGas(fewer), whole);
        note("pay, chunk of 500", whole);
        note("pay, marginal per payout at 500, first payout of a member", first);
        note("pay, marginal per payout at 500, later payout", later);
        require(first <= 7550, "first payout");
        require(later <= 7550, "later payout");
    }

    /// @dev Gas of one more payout, rounded up.
    function marginal(uint256 gasOfFewer, uint256 gasOfN) private pure returns (uint256) {
        return (gasOfN - gasOfFewer + N - FEWER - 1) / (N - FEWER);
    }

    function test_mintEach__reference_loop() public {
        bytes32[] memory words = memberWords(1, N);
        uint256 first = mintGas(words);
        uint256 later = mintGas(words);
        note("reference: OpenZeppelin loop per payout, first payout", first / N);
        note("reference: OpenZeppelin loop per payout, later payout", later / N);
    }

    function payGas(bytes32[] memory words) private returns (uint256) {
        bytes32[][] memory chunks = oneChunk(words);
        ISettlementLedger.Proposal memory proposal = nextProposal(chunks);
        openSigned(proposal);
        payChunk(proposal, chunks, 0);
        return vm.lastCallGas().gasTotalUsed;
    }

    function mintGas(bytes32[] memory words) private returns (uint256) {
        plain.mintEach(words);
        return vm.lastCallGas().gasTotalUsed;
    }

    /// @dev Amounts of about 12 tokens with all digits: eight bytes, none of them 0, as real payouts have.
    function memberWords(uint256 from, uint256 count) private returns (bytes32[] memory words) {
        words = new bytes32[](count);
        for (uint256 i; i < count; ++i) words[i] = word(joinMember(from + i), 0xabcd_ef12_3456_789a);
        words = sorted(words);
    }

    // ---------------------------------------------------------------------------------------------------- OPENING

    function test_open__one_and_three_signatures__within_goal() public {
        uint256 first = openGas(1);
        uint256 one = openGas(1);
        uint256 three = openGas(3);
        note("open, first settlement of a ledger, 1 signature", first);
        note("open, 1 signature", one);
        note("open, 3 signatures", three);
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(walletOf(1), 1e18);
        openSigned(nextRevision(0, oneChunk(words)));
        uint256 revision = vm.lastCallGas().gasTotalUsed;
        note("open, revision, 1 signature", revision);
        require(first <= 200_000 && one <= 200_000 && revision <= 200_000, "one signature");
        require(three <= 220_000, "three signatures");
    }

    function openGas(uint256 signatures) private returns (uint256) {
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(walletOf(1), 1e18);
        ISettlementLedger.Proposal memory proposal = nextProposal(oneChunk(words));
        ledger.open(proposal, signaturesOf(structHashOf(proposal), signatures));
        uint256 used = vm.lastCallGas().gasTotalUsed;
        payChunk(proposal, oneChunk(words), 0);
        return used;
    }

    // --------------------------------------------------------------------------------------------------- TRANSFER

    function test_transfer__between_holders__within_a_tenth_of_openzeppelin() public {
        bytes32[] memory words = memberWords(1, 2);
        payGas(words);
        mintGas(words);
        address from = address(bytes20(words[0]));
        address to = address(bytes20(words[1]));
        vm.prank(from);
        token.transfer(to, 1e18);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        vm.prank(from);
        plain.transfer(to, 1e18);
        uint256 plainUsed = vm.lastCallGas().gasTotalUsed;
        note("transfer between holders", used);
        note("reference: transfer of OpenZeppelin's ERC-20", plainUsed);
        require(used * 100 <= plainUsed * 110, "more than 1.10 of the reference");
    }

    // ------------------------------------------------------------------------------------------------------ OTHER

    function test_join__gas() public {
        joinMember(1);
        note("join", vm.lastCallGas().gasTotalUsed);
    }

    function note(string memory name, uint256 value) private {
        vm.snapshotValue("gas", name, value);
    }
}
