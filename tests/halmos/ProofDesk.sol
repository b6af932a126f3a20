// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityToken} from "../../contracts/CommunityToken.sol";

/// @dev The cheat codes of halmos that the proofs use.
interface Vm {
    function assume(bool condition) external pure;
    function prank(address sender) external;
    function warp(uint256 timestamp) external;
}

/// @dev The one cut of the proofs: an authority that lets everybody call everything. Who may call what is tested pair
/// by pair elsewhere; here it only matters what a call does.
contract OpenAuthority {
    function canCall(address, address, bytes4) external pure returns (bool immediate, uint32 delay) {
        return (true, 0);
    }
}

/// @dev A real token whose accounts, balances and fees are whatever the proof leaves open.
///
/// What halmos proves holds for every value of the parameters of a `check_` function, every path through the contract
/// and no more than the number of loop rounds given on its command line. A call that reverts proves nothing, so each
/// property that says "succeeds" asserts the success.
abstract contract ProofDesk {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    address internal constant TREASURY = address(0x7EA);

    OpenAuthority internal authority;
    CommunityToken internal token;

    function setUp() public virtual {
        authority = new OpenAuthority();
        token = new CommunityToken(address(authority), TREASURY, "Proof", "PRF");
    }

    /// @dev An account of any class and status with any balance that a batch can give it.
    function give(address wallet, uint8 class_, uint8 status, uint96 balance) internal {
        token.setAccount(wallet, class_, status);
        bytes32[] memory payouts = new bytes32[](1);
        payouts[0] = word(wallet, balance);
        token.creditBatch(payouts, address(0), type(uint96).max, 0, 0);
    }

    function word(address wallet, uint96 amount) internal pure returns (bytes32) {
        return bytes32((uint256(uint160(wallet)) << 96) | amount);
    }

    /// @dev Sum of the balances of the three wallets and the Treasury, none counted twice.
    function held(address first, address second) internal view returns (uint256 sum) {
        sum = token.balanceOf(TREASURY);
        if (first != TREASURY) sum += token.balanceOf(first);
        if (second != TREASURY && second != first) sum += token.balanceOf(second);
    }
}
