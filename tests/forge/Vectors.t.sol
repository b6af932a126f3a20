// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {IRewardModels} from "../../contracts/interfaces/IRewardModels.sol";
import {ISettlementLedger} from "../../contracts/interfaces/ISettlementLedger.sol";
import {Payouts} from "../../contracts/libraries/Payouts.sol";
import {Rfc6962} from "../../contracts/libraries/Rfc6962.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev The libraries behind calls, so that their arguments are calldata.
contract Trees {
    function rootFromPath(bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata path)
        external
        pure
        returns (bytes32)
    {
        return Rfc6962.rootFromPath(leaf, index, size, path);
    }

    function leafHash(uint32 chunk, bytes32[] calldata payouts) external pure returns (bytes32) {
        return Payouts.leafHash(chunk, payouts);
    }
}

/// @dev Agreement with the Python side, byte by byte, through the vectors both read.
contract VectorsTest is CommunityFixture {
    Trees private trees;
    string private lecn;

    function setUp() public override {
        super.setUp();
        trees = new Trees();
        lecn = vm.readFile("tests/vectors/lecn1.json");
    }

    // --------------------------------------------------------------------------------------------- NOTARIZATION

    function test_deploymentId__of_the_vector__comes_out() public {
        vm.chainId(vm.parseJsonUint(lecn, ".deployment.chain_id"));
        ISettlementLedger.Configuration memory config = configuration();
        config.genesisHash = vm.parseJsonBytes32(lecn, ".deployment.genesis_hash");
        config.communityId = vm.parseJsonString(lecn, ".deployment.community_id");
        address place = vm.parseJsonAddress(lecn, ".deployment.settlement_contract");
        SettlementLedger placed = SettlementLedger(deployAt(place, config));
        same(placed.deploymentId(), vm.parseJsonBytes32(lecn, ".deployment.deployment_id"), "deployment id");
    }

    /// @dev Runs the constructor at a chosen address.
    function deployAt(address place, ISettlementLedger.Configuration memory config) private returns (address) {
        vm.etch(place, abi.encodePacked(type(SettlementLedger).creationCode, abi.encode(config)));
        (bool done, bytes memory code) = place.call("");
        require(done, "constructor");
        vm.etch(place, code);
        return place;
    }

    function test_rootFromPath__every_leaf_of_every_vector__leads_to_the_root() public view {
        uint256 leaves;
        for (uint256 i; vm.keyExistsJson(lecn, entry(".trees", i, "")); ++i) {
            bytes32 root = vm.parseJsonBytes32(lecn, entry(".trees", i, ".root"));
            string[] memory texts = vm.parseJsonStringArray(lecn, entry(".trees", i, ".leaves"));
            for (uint256 k; k < texts.length; ++k) {
                bytes32 leaf = sha256(abi.encodePacked(bytes1(0), vm.parseBytes(string.concat("0x", texts[k]))));
                bytes32[] memory path = pathAt(entry(".trees", i, entry(".paths", k, "")));
                same(trees.rootFromPath(leaf, k, texts.length, path), root, "root");
                ++leaves;
            }
        }
        require(leaves == 32, "number of leaves read");
    }

    function test_payoutsRoot__of_the_vector__comes_out() public view {
        bytes32 root = vm.parseJsonBytes32(lecn, ".payouts.payouts_root");
        for (uint32 chunk; chunk < 2; ++chunk) {
            bytes32[] memory words = vm.parseJsonBytes32Array(lecn, entry(".payouts.chunks", chunk, ""));
            bytes32[] memory path = pathAt(entry(".payouts.paths", chunk, ""));
            same(trees.rootFromPath(trees.leafHash(chunk, words), chunk, 2, path), root, "payouts root");
        }
    }

    function pathAt(string memory key) private view returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(lecn, key);
    }

    // ---------------------------------------------------------------------------------------------- REWARD MODELS

    function test_schedule__every_model_vector__is_taken_or_refused_by_the_same_field() public {
        string memory json = vm.readFile("tests/vectors/model_parameters.json");
        uint256 taken;
        uint256 refused;
        for (uint256 i; vm.keyExistsJson(json, entry(".cases", i, "")); ++i) {
            if (!vm.keyExistsJson(json, entry(".cases", i, ".parameters.kind"))) continue;
            IRewardModels.Parameters memory model = readModel(json, entry(".cases", i, ".parameters"));
            vm.prank(ORACLE_ADMIN);
            try models.schedule(model, T0 + 8 days) returns (uint32 version) {
                require(vm.parseJsonBool(json, entry(".cases", i, ".ok")), entry("taken: case ", i, ""));
                same(
                    keccak256(abi.encode(models.version(version).parameters)),
                    keccak256(abi.encode(model)),
                    entry("stored: case ", i, "")
                );
                ++taken;
            } catch (bytes memory reason) {
                string memory field = vm.parseJsonString(json, entry(".cases", i, ".refused_field"));
                same(fieldOf(reason), field, entry("refused: case ", i, ""));
                ++refused;
            }
        }
        require(taken == models.versionCount() && taken >= 11 && refused >= 40, "number of cases read");
    }

    /// @dev Both refusals begin with the name of the field.
    function fieldOf(bytes memory reason) private pure returns (string memory name) {
        bytes4 selector = bytes4(reason);
        require(
            selector == IRewardModels.RewardModelsParameterOutOfRange.selector
                || selector == IRewardModels.RewardModelsSideUnused.selector,
            "another refusal"
        );
        bytes memory arguments = new bytes(reason.length - 4);
        for (uint256 i; i < arguments.length; ++i) arguments[i] = reason[i + 4];
        (name) = abi.decode(arguments, (string));
    }

    function readModel(string memory json, string memory where)
        private
        pure
        returns (IRewardModels.Parameters memory model)
    {
        model.kind = uint8(number(json, where, ".kind"));
        model.mode = uint8(number(json, where, ".mode"));
        model.hasBudget = vm.parseJsonBool(json, string.concat(where, ".hasBudget"));
        model.budgetUnits = uint96(number(json, where, ".budgetUnits"));
        model.combination = uint8(number(json, where, ".combination"));
        model.selfConsumptionWeightPermille = uint16(number(json, where, ".selfConsumptionWeightPermille"));
        model.gatePermille = uint16(number(json, where, ".gatePermille"));
        model.selfConsumption = readSelfConsumption(json, string.concat(where, ".selfConsumption"));
        model.noPeaks = readNoPeaks(json, string.concat(where, ".noPeaks"));
    }

    function readSelfConsumption(string memory json, string memory where)
        private
        pure
        returns (IRewardModels.SelfConsumption memory side)
    {
        side.slotSeconds = uint32(number(json, where, ".slotSeconds"));
        side.basis = uint8(number(json, where, ".basis"));
        side.consumerSharePermille = uint16(number(json, where, ".consumerSharePermille"));
        side.rateUnitsPerKwh = uint96(number(json, where, ".rateUnitsPerKwh"));
    }

    function readNoPeaks(string memory json, string memory where)
        private
        pure
        returns (IRewardModels.NoPeaks memory side)
    {
        side.limitMode = uint8(number(json, where, ".limitMode"));
        side.thresholdPermille = uint16(number(json, where, ".thresholdPermille"));
        side.percentilePermille = uint16(number(json, where, ".percentilePermille"));
        side.limitMinW = uint32(number(json, where, ".limitMinW"));
        side.penaltyPermille = uint16(number(json, where, ".penaltyPermille"));
        side.completenessPermille = uint16(number(json, where, ".completenessPermille"));
        side.minExpectedSlots = uint16(number(json, where, ".minExpectedSlots"));
        side.minDayWh = uint32(number(json, where, ".minDayWh"));
        side.windowCount = uint8(number(json, where, ".windowCount"));
        for (uint256 i; i < 8; ++i) side.windowHours[i] = uint8(number(json, where, entry(".windowHours", i, "")));
        side.rateUnitsPerDay = uint96(number(json, where, ".rateUnitsPerDay"));
    }

    function number(string memory json, string memory where, string memory key) private pure returns (uint256) {
        return vm.parseJsonUint(json, string.concat(where, key));
    }

    function entry(string memory list, uint256 index, string memory rest) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(index), "]", rest);
    }
}
