// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev The side of RFC 6962 that the contracts do not have: roots and paths of whole lists, by the recursive
/// definition of §2.1, so that the verifier is checked against other code than its own.
library TreeBuilder {
    function leafOf(uint32 chunk, bytes32[] memory payouts) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x00), "lecn.pay", chunk, payouts));
    }

    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        return leaves.length == 0 ? bytes32(0) : _root(leaves, 0, leaves.length);
    }

    function pathOf(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory) {
        return _path(leaves, 0, leaves.length, index);
    }

    function _root(bytes32[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 middle = from + _split(to - from);
        return sha256(abi.encodePacked(bytes1(0x01), _root(leaves, from, middle), _root(leaves, middle, to)));
    }

    function _path(bytes32[] memory leaves, uint256 from, uint256 to, uint256 index)
        private
        pure
        returns (bytes32[] memory path)
    {
        if (to - from == 1) return path;
        uint256 middle = from + _split(to - from);
        bool left = index < middle;
        bytes32[] memory below = left ? _path(leaves, from, middle, index) : _path(leaves, middle, to, index);
        path = new bytes32[](below.length + 1);
        for (uint256 i; i < below.length; ++i) path[i] = below[i];
        path[below.length] = left ? _root(leaves, middle, to) : _root(leaves, from, middle);
    }

    /// @dev Largest power of two below n.
    function _split(uint256 n) private pure returns (uint256 power) {
        power = 1;
        while (power * 2 < n) power *= 2;
    }
}
