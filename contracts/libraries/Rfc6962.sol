// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title SHA-256 trees that keep positions (RFC 6962 §2.1)
/// @notice Leaves are hashed with prefix 0x00, nodes with 0x01; an odd node is promoted.
library Rfc6962 {
    /// @notice Root to which `path` leads from the leaf at `index` of `size` leaves (RFC 9162 §2.1.3.2), or 0 if
    /// the path has another length than a path of that leaf.
    /// @param leafHash Hash of the leaf with its prefix.
    function rootFromPath(bytes32 leafHash, uint256 index, uint256 size, bytes32[] calldata path)
        internal
        pure
        returns (bytes32 root)
    {
        if (index >= size) return 0;
        root = leafHash;
        uint256 last = size - 1;
        for (uint256 i; i < path.length; ++i) {
            if (last == 0) return 0;
            bool isRight = index & 1 == 1;
            if (isRight || index == last) {
                root = nodeHash(path[i], root);
                // A promoted node skips the levels on which it has no sibling.
                while (!isRight && index & 1 == 0) {
                    index >>= 1;
                    last >>= 1;
                }
            } else {
                root = nodeHash(root, path[i]);
            }
            index >>= 1;
            last >>= 1;
        }
        if (last != 0) return 0;
    }

    /// @notice Hash of an inner node.
    function nodeHash(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }
}
