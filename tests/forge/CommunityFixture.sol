// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {MemberRegistry} from "../../contracts/MemberRegistry.sol";
import {RewardModels} from "../../contracts/RewardModels.sol";
import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {ICommunityToken} from "../../contracts/interfaces/ICommunityToken.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {IRewardModels} from "../../contracts/interfaces/IRewardModels.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {TreeBuilder} from "./TreeBuilder.sol";
import {Vm} from "./Vm.sol";

/// @dev A deployed community with its roles, three oracles, and the typed data that members and oracles sign.
/// Every key is a small number: throw-away, for tests only.
abstract contract CommunityFixture {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    string internal constant COMMUNITY = "fontana";
    bytes32 internal constant GENESIS_HASH = keccak256("genesis of a test network");
    uint64 internal constant NOTICE = 7 days;
    uint64 internal constant T0 = 1_464_739_200; // 2016-06-01 00:00 UTC
    uint64 internal constant P0 = T0 + 30 days; // start of period 0
    uint64 internal constant MONTH = 30 days;
    uint96 internal constant PERIOD_CAP = 1_000_000e18;
    uint96 internal constant MEMBER_CAP = 10_000e18;

    address internal constant COMMUNITY_ADMIN = address(0xC0);
    address internal constant ORACLE_ADMIN = address(0x0A);
    address internal constant REGISTRAR = address(0x4E);

    AccessManager internal manager;
    CommunityToken internal token;
    MemberRegistry internal members;
    RewardModels internal models;
    SettlementLedger internal ledger;

    /// Oracle keys in ascending order of their addresses.
    uint256[3] internal oracleKeys;

    function setUp() public virtual {
        vm.chainId(1981);
        vm.warp(T0);
        manager = new AccessManager(address(this));
        token = new CommunityToken(address(manager), "Fontana", "FNT");
        members = new MemberRegistry(address(manager), address(token), COMMUNITY);
        models = new RewardModels(address(manager), NOTICE);
        ledger = new SettlementLedger(configuration());
        grantRoles();
    }

    function configuration() internal view returns (ISettlementLedger.Configuration memory) {
        return ISettlementLedger.Configuration({
            authority: address(manager),
            token: address(token),
            models: address(models),
            communityId: COMMUNITY,
            genesisHash: GENESIS_HASH,
            periodKind: 2,
            minNotice: NOTICE,
            periodCap: PERIOD_CAP,
            memberCap: MEMBER_CAP,
            requiredSignatures: 1
        });
    }

    function grantRoles() private {
        allow(address(token), ICommunityToken.setAccount.selector, Roles.MEMBER_REGISTRY);
        allow(address(token), ICommunityToken.creditBatch.selector, Roles.SETTLEMENT_LEDGER);
        allow(address(members), IMemberRegistry.join.selector, Roles.REGISTRAR);
        allow(address(models), IRewardModels.schedule.selector, Roles.ORACLE_ADMIN);
        allow(address(ledger), ISettlementLedger.anchorIngest.selector, Roles.ORACLE);
        allow(address(ledger), ISettlementLedger.scheduleCaps.selector, Roles.COMMUNITY_ADMIN);
        allow(address(ledger), ISettlementLedger.setRequiredSignatures.selector, Roles.ORACLE_ADMIN);
        manager.grantRole(Roles.MEMBER_REGISTRY, address(members), 0);
        manager.grantRole(Roles.SETTLEMENT_LEDGER, address(ledger), 0);
        manager.grantRole(Roles.REGISTRAR, REGISTRAR, 0);
        manager.grantRole(Roles.ORACLE_ADMIN, ORACLE_ADMIN, 0);
        manager.grantRole(Roles.COMMUNITY_ADMIN, COMMUNITY_ADMIN, 0);
        oracleKeys = [uint256(0xA1), 0xA2, 0xA3];
        for (uint256 i; i < 3; ++i) {
            manager.grantRole(Roles.ORACLE, vm.addr(oracleKeys[i]), 0);
            for (uint256 j = i; j > 0 && vm.addr(oracleKeys[j]) < vm.addr(oracleKeys[j - 1]); --j) {
                (oracleKeys[j], oracleKeys[j - 1]) = (oracleKeys[j - 1], oracleKeys[j]);
            }
        }
    }

    function allow(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    // ------------------------------------------------------------------------------------------------ COMPARISONS

    function same(uint256 found, uint256 expected, string memory what) internal pure {
        require(found == expected, string.concat(what, ": ", vm.toString(found), " for ", vm.toString(expected)));
    }

    function same(bytes32 found, bytes32 expected, string memory what) internal pure {
        require(found == expected, what);
    }

    function same(string memory found, string memory expected, string memory what) internal pure {
        require(
            keccak256(bytes(found)) == keccak256(bytes(expected)),
            string.concat(what, ": ", found, " for ", expected)
        );
    }

    function same(address found, address expected, string memory what) internal pure {
        require(found == expected, what);
    }

    // --------------------------------------------------------------------------------------------------- MEMBERS

    function walletOf(uint256 member) internal pure returns (address) {
        return vm.addr(memberKey(member));
    }

    function memberKey(uint256 member) internal pure returns (uint256) {
        return 0x10000 + member;
    }

    function joinMember(uint256 member) internal returns (address wallet) {
        wallet = walletOf(member);
        bytes memory consent = consentOf(member, 1, block.timestamp);
        vm.prank(REGISTRAR);
        members.join(bytes32(member), wallet, 1, block.timestamp, consent);
    }

    function consentOf(uint256 member, uint8 class_, uint256 deadline) internal view returns (bytes memory) {
        bytes32 typehash =
            keccak256("Join(bytes32 community,bytes32 memberId,uint8 class,uint256 nonce,uint256 deadline)");
        uint256 nonce = members.nonces(walletOf(member));
        bytes32 structHash =
            keccak256(abi.encode(typehash, keccak256(bytes(COMMUNITY)), bytes32(member), class_, nonce, deadline));
        return signTyped(memberKey(member), "MemberRegistry", "1", address(members), structHash);
    }

    // ---------------------------------------------------------------------------------------------------- MODELS

    function selfConsumptionModel() internal pure returns (IRewardModels.Parameters memory model) {
        model.hasBudget = true;
        model.budgetUnits = 1000e18;
        model.selfConsumption = IRewardModels.SelfConsumption(3600, 0, 1000, 0);
    }

    function scheduleModel(uint64 validFrom) internal returns (uint32) {
        vm.prank(ORACLE_ADMIN);
        return models.schedule(selfConsumptionModel(), validFrom);
    }

    // ----------------------------------------------------------------------------------------------- SETTLEMENTS

    /// @dev Next period of the ledger with these chunks, signed by nobody yet; moves the clock past its end.
    function nextProposal(bytes32[][] memory chunks) internal returns (ISettlementLedger.Proposal memory proposal) {
        uint32 index = ledger.nextPeriodIndex();
        uint64 start = index == 0 ? P0 : ledger.lastPeriodEnd();
        proposal = proposalOf(index, 0, start, chunks);
        if (block.timestamp < proposal.periodEnd) vm.warp(proposal.periodEnd);
    }

    function nextRevision(uint32 index, bytes32[][] memory chunks)
        internal
        view
        returns (ISettlementLedger.Proposal memory)
    {
        uint32 latest = ledger.latestRevision(index);
        return proposalOf(index, latest + 1, ledger.settlement(index, latest).periodStart, chunks);
    }

    function proposalOf(uint32 index, uint32 revision, uint64 start, bytes32[][] memory chunks)
        internal
        view
        returns (ISettlementLedger.Proposal memory proposal)
    {
        proposal = ISettlementLedger.Proposal({
            deploymentId: ledger.deploymentId(),
            periodIndex: index,
            revision: revision,
            periodStart: start,
            periodEnd: start + MONTH,
            modelVersion: models.versionAt(start),
            paramsDigest: keccak256("params"),
            assignmentRoot: keccak256("assignment"),
            leafCount: 17,
            rosterRoot: keccak256("roster"),
            aggregatesRoot: keccak256("aggregates"),
            ingestRoot: keccak256("ingest"),
            ingestSize: 5,
            total: totalOf(chunks),
            payoutsRoot: TreeBuilder.rootOf(leavesOf(chunks)),
            chunkCount: uint32(chunks.length),
            previousSettlement: ledger.lastSettlementHash()
        });
    }

    function totalOf(bytes32[][] memory chunks) internal pure returns (uint256 total) {
        for (uint256 i; i < chunks.length; ++i) {
            for (uint256 j; j < chunks[i].length; ++j) total += uint96(uint256(chunks[i][j]));
        }
    }

    function leavesOf(bytes32[][] memory chunks) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](chunks.length);
        for (uint256 i; i < chunks.length; ++i) leaves[i] = TreeBuilder.leafOf(uint32(i), chunks[i]);
    }

    function word(address wallet, uint96 amount) internal pure returns (bytes32) {
        return bytes32((uint256(uint160(wallet)) << 96) | amount);
    }

    /// @dev Words ascending by wallet, as the chunks of a settlement need them.
    function sorted(bytes32[] memory words) internal pure returns (bytes32[] memory) {
        for (uint256 i = 1; i < words.length; ++i) {
            for (uint256 j = i; j > 0 && words[j] < words[j - 1]; --j) {
                (words[j], words[j - 1]) = (words[j - 1], words[j]);
            }
        }
        return words;
    }

    function oneChunk(bytes32[] memory words) internal pure returns (bytes32[][] memory chunks) {
        chunks = new bytes32[][](1);
        chunks[0] = words;
    }

    function openSigned(ISettlementLedger.Proposal memory proposal) internal {
        ledger.open(proposal, signaturesOf(structHashOf(proposal), 1));
    }

    function payChunk(ISettlementLedger.Proposal memory proposal, bytes32[][] memory chunks, uint32 chunk) internal {
        bytes32[] memory path = TreeBuilder.pathOf(leavesOf(chunks), chunk);
        ledger.pay(proposal.periodIndex, proposal.revision, chunk, chunks[chunk], path);
    }

    /// @dev Opens and pays a settlement of the next period.
    function settle(bytes32[][] memory chunks) internal returns (ISettlementLedger.Proposal memory proposal) {
        proposal = nextProposal(chunks);
        openSigned(proposal);
        for (uint32 i; i < chunks.length; ++i) payChunk(proposal, chunks, i);
    }

    // ------------------------------------------------------------------------------------------------ TYPED DATA

    function structHashOf(ISettlementLedger.Proposal memory proposal) internal pure returns (bytes32) {
        bytes32 typehash = keccak256(
            "Proposal(bytes32 deploymentId,uint32 periodIndex,uint32 revision,uint64 periodStart,uint64 periodEnd,uint32 modelVersion,bytes32 paramsDigest,bytes32 assignmentRoot,uint32 leafCount,bytes32 rosterRoot,bytes32 aggregatesRoot,bytes32 ingestRoot,uint64 ingestSize,uint256 total,bytes32 payoutsRoot,uint32 chunkCount,bytes32 previousSettlement)"
        );
        return keccak256(abi.encode(typehash, proposal));
    }

    function signaturesOf(bytes32 structHash, uint256 count) internal view returns (bytes[] memory signatures) {
        signatures = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            signatures[i] = signTyped(oracleKeys[i], "SettlementLedger", "1", address(ledger), structHash);
        }
    }

    function signTyped(uint256 key, string memory name, string memory version, address target, bytes32 structHash)
        internal
        view
        returns (bytes memory)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                block.chainid,
                target
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked("\x19\x01", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }
}
