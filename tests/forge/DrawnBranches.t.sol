// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITransferAuthorizations} from "../../contracts/interfaces/ITransferAuthorizations.sol";
import {PeriodKinds} from "../../contracts/libraries/PeriodKinds.sol";
import {Rfc6962} from "../../contracts/libraries/Rfc6962.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev Branches that other tests take by drawn arguments only: here each is taken for certain.
contract DrawnBranchesTest is CommunityFixture {
    bytes32 private constant LEAF = keccak256("leaf");
    bytes32 private constant OTHER = keccak256("other");

    function test_lengthRange__each_kind__hours_of_local_time() external pure {
        (uint64 min, uint64 max) = PeriodKinds.lengthRange(PeriodKinds.DAY);
        require(min == 23 hours && max == 25 hours, "day");
        (min, max) = PeriodKinds.lengthRange(PeriodKinds.WEEK);
        require(min == 167 hours && max == 169 hours, "week");
        (min, max) = PeriodKinds.lengthRange(PeriodKinds.MONTH);
        require(min == 671 hours && max == 745 hours, "month");
    }

    function test_rootFromPath__left_of_two__hashes_to_the_right() external view {
        bytes32[] memory path = new bytes32[](1);
        path[0] = OTHER;
        same(this.rootFromPath(LEAF, 0, 2, path), Rfc6962.nodeHash(LEAF, OTHER), "left");
        same(this.rootFromPath(LEAF, 1, 2, path), Rfc6962.nodeHash(OTHER, LEAF), "right");
    }

    function test_rootFromPath__last_of_five__is_promoted() external view {
        bytes32[] memory path = new bytes32[](1);
        path[0] = OTHER;
        same(this.rootFromPath(LEAF, 4, 5, path), Rfc6962.nodeHash(OTHER, LEAF), "promoted");
    }

    function test_rootFromPath__path_too_short_or_too_long__none() external view {
        same(this.rootFromPath(LEAF, 0, 2, new bytes32[](0)), 0, "short");
        same(this.rootFromPath(LEAF, 0, 2, new bytes32[](2)), 0, "long");
        same(this.rootFromPath(LEAF, 2, 2, new bytes32[](1)), 0, "outside");
    }

    function test_serviceFeeBpsAt__each_pair__none_by_default() external view {
        for (uint8 payer; payer < 4; ++payer) {
            for (uint8 receiver; receiver < 4; ++receiver) {
                same(policy.serviceFeeBpsAt(payer, receiver, uint64(block.timestamp)), 0, "fee");
            }
        }
    }

    function test_transferWithAuthorization__before_its_time__refused_with_both() external {
        refuse(ITransferAuthorizations.CommunityTokenAuthorizationNotYetValid.selector, block.timestamp);
        token.transferWithAuthorization(address(1), address(2), 1, block.timestamp, block.timestamp + 9, 0, "");
    }

    function test_transferWithAuthorization__after_its_time__refused_with_both() external {
        refuse(ITransferAuthorizations.CommunityTokenAuthorizationExpired.selector, block.timestamp);
        token.transferWithAuthorization(address(1), address(2), 1, block.timestamp - 9, block.timestamp, 0, "");
    }

    /// @dev The library reads its path from calldata.
    function rootFromPath(bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata path)
        external
        pure
        returns (bytes32)
    {
        return Rfc6962.rootFromPath(leaf, index, size, path);
    }

    function refuse(bytes4 selector, uint256 limit) private {
        vm.expectRevert(abi.encodeWithSelector(selector, limit, block.timestamp));
    }
}
