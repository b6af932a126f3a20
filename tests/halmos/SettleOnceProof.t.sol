// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {OpenAuthority, ProofDesk} from "./ProofDesk.sol";

/// @dev The second cut: roles, the version of the reward model and the assignment fees are what this contract says.
/// Every key is an oracle, so that the quorum is one signature of anybody.
contract OpenRules is OpenAuthority {
    uint16 private _citizenBps;
    uint16 private _stakeholderBps;

    function set(uint16 citizenBps, uint16 stakeholderBps) external {
        (_citizenBps, _stakeholderBps) = (citizenBps, stakeholderBps);
    }

    function hasRole(uint64, address) external pure returns (bool isMember, uint32 delay) {
        return (true, 0);
    }

    function versionAt(uint64) external pure returns (uint32) {
        return 1;
    }

    function assignmentFeesAt(uint64) external view returns (uint16, uint16) {
        return (_citizenBps, _stakeholderBps);
    }
}


/// @dev A real ledger over a real token: one settlement of one chunk with two payouts, everything else open. The root
/// of the payouts is that of the chunk where the proof says so, and any other word where it does not. SHA-256 is an
/// unknown function, so that what is proved holds for any hash.
contract SettleOnceProof is ProofDesk {
    uint64 private constant START = 1_464_739_200;
    uint64 private constant END = START + 30 days;

    address private constant CITIZEN = address(0xA1);
    address private constant STAKEHOLDER = address(0xB2);

    /// The second wallet is a member or not.
    struct Chunk {
        uint96 firstAmount;
        uint96 secondAmount;
        bool isMember;
    }

    OpenRules private rules;
    SettlementLedger private ledger;

    function setUp() public override {
        super.setUp();
        vm.warp(END + 1 days);
        rules = new OpenRules();
        ledger = new SettlementLedger(
            ISettlementLedger.Configuration({
                authority: address(rules),
                token: address(token),
                models: address(rules),
                policy: address(rules),
                communityId: "proof",
                genesisHash: bytes32(uint256(1)),
                periodKind: 2,
                minNotice: 1 days,
                periodCap: type(uint96).max,
                memberCap: type(uint96).max,
                requiredSignatures: 1
            })
        );
    }

    function open(bytes32 root, uint256 total) private {
        ISettlementLedger.Proposal memory proposal;
        proposal.deploymentId = ledger.deploymentId();
        (proposal.periodStart, proposal.periodEnd) = (START, END);
        (proposal.modelVersion, proposal.leafCount, proposal.chunkCount) = (1, 2, 1);
        (proposal.total, proposal.payoutsRoot) = (total, root);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(2)), uint8(27));
        ledger.open(proposal, signatures);
    }

    function words(Chunk memory chunk) private returns (bytes32[] memory payouts) {
        payouts = new bytes32[](2);
        payouts[0] = word(CITIZEN, chunk.firstAmount);
        payouts[1] = word(STAKEHOLDER, chunk.secondAmount);
        token.setAccount(CITIZEN, 1, 1);
        if (chunk.isMember) token.setAccount(STAKEHOLDER, 2, 1);
    }

    function rootOf(bytes32[] memory payouts) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x00), "lecn.pay", uint32(0), payouts));
    }

    /// I5: the chunk paid a second time succeeds and changes nothing, neither in the ledger nor in the token.
    function check_pay__the_chunk_again__changes_nothing(Chunk memory chunk) public {
        bytes32[] memory payouts = words(chunk);
        open(rootOf(payouts), uint256(chunk.firstAmount) + chunk.secondAmount);
        bytes32[] memory path = new bytes32[](0);
        ledger.pay(0, 0, 0, payouts, path);
        uint256 supply = token.totalSupply();
        (uint256 first, uint256 second) = (token.balanceOf(CITIZEN), token.balanceOf(STAKEHOLDER));
        ISettlementLedger.Settlement memory before = ledger.settlement(0, 0);
        (bool done,) = address(ledger).call(abi.encodeCall(ledger.pay, (0, 0, 0, payouts, path)));
        assert(done);
        assert(token.totalSupply() == supply);
        assert(token.balanceOf(CITIZEN) == first && token.balanceOf(STAKEHOLDER) == second);
        ISettlementLedger.Settlement memory later = ledger.settlement(0, 0);
        assert(later.paid == before.paid && later.skipped == before.skipped && later.nextChunk == before.nextChunk);
    }

    /// I4, I6: whatever root, total and fees were opened, a payment leaves paid + skipped at the total, and the supply
    /// grows by what was paid.
    function check_pay__any_root_and_total__pays_no_more_than_the_total(
        Chunk memory chunk,
        bytes32 root,
        uint256 total,
        uint16 citizenBps,
        uint16 stakeholderBps
    ) public {
        rules.set(citizenBps, stakeholderBps);
        bytes32[] memory payouts = words(chunk);
        open(root, total);
        ledger.pay(0, 0, 0, payouts, new bytes32[](0));
        ISettlementLedger.Settlement memory the = ledger.settlement(0, 0);
        assert(uint256(the.paid) + the.skipped == total);
        assert(token.totalSupply() == the.paid);
        assert(the.state == 2);
    }

    /// I4: a chunk whose words are not the total is refused as a whole.
    function check_pay__words_are_not_the_total__is_refused(Chunk memory chunk, uint256 total) public {
        bytes32[] memory payouts = words(chunk);
        vm.assume(total != uint256(chunk.firstAmount) + chunk.secondAmount);
        open(rootOf(payouts), total);
        bytes memory data = abi.encodeCall(ledger.pay, (0, 0, 0, payouts, new bytes32[](0)));
        (bool done,) = address(ledger).call(data);
        assert(!done);
        assert(token.totalSupply() == 0);
    }
}
