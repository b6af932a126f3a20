// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Vm} from "./Vm.sol";

/// @dev Cheat codes, comparisons that tell both values, and signatures over typed data. Every key is a small number:
/// throw-away, for tests only.
abstract contract ForgeTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    // ----------------------------------------------------------------------------------------------- COMPARISONS

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

    // ---------------------------------------------------------------------------------------------------- SIGNING

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

    /// @dev The three parts of a signature of 65 bytes.
    function split(bytes memory signature) internal pure returns (uint8 v, bytes32 r, bytes32 s) {
        (r, s) = abi.decode(signature, (bytes32, bytes32));
        v = uint8(signature[64]);
    }
}
