// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice A wallet that uses the question whether it signed (ERC-1271) to call back. For tests only.
contract ReenteringWallet {
    address private _target;
    bytes private _call;

    /// @notice What it tries to do when it is asked.
    function prepare(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    /// @notice Does something as this wallet, so that it can give allowances and act for itself.
    function act(address target, bytes calldata call_) external {
        (bool done, bytes memory answer) = target.call(call_);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    /// @notice Accepts everything, and tries its call first, whatever becomes of it.
    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        (bool done,) = _target.call(_call);
        done;
        return this.isValidSignature.selector;
    }
}
