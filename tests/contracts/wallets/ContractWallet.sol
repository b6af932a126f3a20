// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice A wallet that is a contract: it accepts what its owner signed (ERC-1271). For tests only.
contract ContractWallet {
    address private immutable _owner;

    constructor(address owner) {
        _owner = owner;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        bytes32 r = bytes32(signature[:32]);
        bytes32 s = bytes32(signature[32:64]);
        bool accepted = ecrecover(digest, uint8(signature[64]), r, s) == _owner;
        return accepted ? this.isValidSignature.selector : bytes4(0);
    }
}
