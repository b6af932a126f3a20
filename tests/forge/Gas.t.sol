// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {GasDesk} from "./GasDesk.sol";

/// @dev Gas of settlements: payouts and opening.
/// forge-config: default.isolate = true
contract GasTest is GasDesk {
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

    function test_pay__with_assignment_fee__gas() public {
        payGas(memberWords(10_000, 1));
        bytes32[] memory fewer = memberWords(1, FEWER);
        bytes32[] memory more = memberWords(1 + FEWER, N);
        chargeEverywhere(500);
        uint256 whole = payGas(more);
        note("pay with assignment fee, chunk of 500", whole);
        note("pay with assignment fee, marginal per payout at 500", marginal(payGas(fewer), whole));
    }

    function test_mintEach__reference_loop() public {
        bytes32[] memory words = memberWords(1, N);
        uint256 first = mintGas(words);
        uint256 later = mintGas(words);
        note("reference: OpenZeppelin loop per payout, first payout", first / N);
        note("reference: OpenZeppelin loop per payout, later payout", later / N);
    }

    function mintGas(bytes32[] memory words) private returns (uint256) {
        plain.mintEach(words);
        return lastGas();
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
        uint256 revision = lastGas();
        note("open, revision, 1 signature", revision);
        require(first <= 200_000 && one <= 200_000 && revision <= 200_000, "one signature");
        require(three <= 220_000, "three signatures");
    }

    function openGas(uint256 signatures) private returns (uint256 used) {
        bytes32[] memory words = new bytes32[](1);
        words[0] = word(walletOf(1), 1e18);
        ISettlementLedger.Proposal memory proposal = nextProposal(oneChunk(words));
        ledger.open(proposal, signaturesOf(structHashOf(proposal), signatures));
        used = lastGas();
        payChunk(proposal, oneChunk(words), 0);
    }
}
