// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {CommunityRegistry} from "../../contracts/CommunityRegistry.sol";
import {CommunityToken} from "../../contracts/CommunityToken.sol";
import {MemberRegistry} from "../../contracts/MemberRegistry.sol";
import {RewardModels} from "../../contracts/RewardModels.sol";
import {ServiceExchange} from "../../contracts/ServiceExchange.sol";
import {SettlementLedger} from "../../contracts/SettlementLedger.sol";
import {TokenPolicy} from "../../contracts/TokenPolicy.sol";
import {Treasury} from "../../contracts/Treasury.sol";
import {GasDesk} from "./GasDesk.sol";

/// @dev Code size of each contract, and gas of its deployment with the arguments of the fixture. forge tells the gas
/// of calls only, so a bare contract creates what it is sent: its copying costs about 0.1 % more than a transaction
/// that creates by itself.
/// forge-config: default.isolate = true
contract GasDeploymentTest is GasDesk {
    uint256 private constant SIZE_LIMIT = 24_576; // EIP-170
    address private constant CREATOR = address(0xC4EA);

    function setUp() public override {
        super.setUp();
        // calldatacopy(0, 0, calldatasize()) mstore(0, create(0, 0, calldatasize())) return(0, 32)
        vm.etch(CREATOR, hex"365f5f37365f5ff05f5260205ff3");
    }

    function test_deployment__access_manager__fits() public {
        bytes memory arguments = abi.encode(address(this));
        measure("AccessManager", type(AccessManager).creationCode, arguments);
    }

    function test_deployment__community_registry__fits() public {
        bytes memory arguments = abi.encode(address(manager));
        measure("CommunityRegistry", type(CommunityRegistry).creationCode, arguments);
    }

    function test_deployment__community_token__fits() public {
        bytes memory arguments = abi.encode(address(manager), address(treasury), "Fontana", "FNT");
        measure("CommunityToken", type(CommunityToken).creationCode, arguments);
    }

    function test_deployment__member_registry__fits() public {
        bytes memory arguments = abi.encode(memberConfiguration());
        measure("MemberRegistry", type(MemberRegistry).creationCode, arguments);
    }

    function test_deployment__reward_models__fits() public {
        bytes memory arguments = abi.encode(address(manager), NOTICE);
        measure("RewardModels", type(RewardModels).creationCode, arguments);
    }

    function test_deployment__service_exchange__fits() public {
        bytes memory arguments = abi.encode(exchangeConfiguration());
        measure("ServiceExchange", type(ServiceExchange).creationCode, arguments);
    }

    function test_deployment__settlement_ledger__fits() public {
        bytes memory arguments = abi.encode(configuration());
        measure("SettlementLedger", type(SettlementLedger).creationCode, arguments);
    }

    function test_deployment__token_policy__fits() public {
        bytes memory arguments = abi.encode(address(manager), NOTICE, initialPolicy());
        measure("TokenPolicy", type(TokenPolicy).creationCode, arguments);
    }

    function test_deployment__treasury__fits() public {
        bytes memory arguments = abi.encode(address(manager), address(policy));
        measure("Treasury", type(Treasury).creationCode, arguments);
    }

    function measure(string memory name, bytes memory creationCode, bytes memory arguments) private {
        (, bytes memory answer) = CREATOR.call(bytes.concat(creationCode, arguments));
        uint256 used = lastGas();
        uint256 size = abi.decode(answer, (address)).code.length;
        note(string.concat("deployment of ", name), used);
        note(string.concat("size of ", name, " in bytes"), size);
        require(size != 0 && size < SIZE_LIMIT, "not deployed, or too large");
    }
}
