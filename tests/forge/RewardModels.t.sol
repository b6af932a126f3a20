// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {RewardModels} from "../../contracts/RewardModels.sol";
import {IRewardModels} from "../../contracts/interfaces/IRewardModels.sol";
import {CommunityFixture} from "./CommunityFixture.sol";

/// @dev The ranges of the parameters are tested by the shared vectors.
contract RewardModelsTest is CommunityFixture {
    uint64 private constant MAX_LEAD = 2 * 366 days;

    function testFuzz_versionAt__any_schedule__is_the_latest_not_after(uint32[6] memory steps, uint64 asked) public {
        uint64[6] memory validFrom;
        uint64 last = T0 + NOTICE + 1;
        for (uint256 i; i < 6; ++i) {
            validFrom[i] = last + (steps[i] % 3 == 0 ? 0 : steps[i] % 50 days);
            same(scheduleModel(validFrom[i]), i + 1, "number");
            last = validFrom[i];
        }
        asked = T0 + asked % 400 days;
        uint256 expected;
        for (uint256 i; i < 6; ++i) {
            if (validFrom[i] <= asked) expected = i + 1;
        }
        same(models.versionAt(asked), expected, "version");
        same(models.versionAt(type(uint64).max), 6, "version at the end of time");
        if (expected == 0) {
            vm.expectRevert(abi.encodeWithSelector(IRewardModels.RewardModelsNoneAt.selector, asked));
            models.modelAt(asked);
        } else {
            IRewardModels.Version memory found = models.modelAt(asked);
            same(found.version, expected, "model");
            same(found.validFrom, validFrom[expected - 1], "valid from");
            same(found.scheduledAt, T0, "scheduled at");
        }
    }

    function testFuzz_schedule__outside_of_the_notice__is_refused(uint64 validFrom) public {
        (uint64 earliest, uint64 latest) = (T0 + NOTICE, T0 + NOTICE + MAX_LEAD);
        if (validFrom > earliest && validFrom <= latest) validFrom = validFrom % 2 == 0 ? earliest : latest + 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardModels.RewardModelsValidFromOutOfRange.selector, validFrom, earliest, latest
            )
        );
        models_schedule(validFrom);
    }

    function models_schedule(uint64 validFrom) private {
        vm.prank(ORACLE_ADMIN);
        models.schedule(selfConsumptionModel(), validFrom);
    }

    function test_schedule__at_the_edges_of_the_notice__is_taken() public {
        models_schedule(T0 + NOTICE + 1);
        models_schedule(T0 + NOTICE + MAX_LEAD);
        same(models.versionCount(), 2, "versions");
        same(models.minNotice(), NOTICE, "notice");
    }

    function test_schedule__before_the_last_version__is_refused() public {
        models_schedule(T0 + 20 days);
        vm.expectRevert(
            abi.encodeWithSelector(IRewardModels.RewardModelsOutOfOrder.selector, T0 + 20 days - 1, T0 + 20 days)
        );
        models_schedule(T0 + 20 days - 1);
    }

    function test_version__unknown_number__is_refused() public {
        models_schedule(P0);
        bytes4 selector = IRewardModels.RewardModelsUnknownVersion.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 1));
        models.version(0);
        vm.expectRevert(abi.encodeWithSelector(selector, 2, 1));
        models.version(2);
    }

    function test_constructor__notice_under_an_hour__is_refused() public {
        vm.expectRevert(
            abi.encodeWithSelector(IRewardModels.RewardModelsNoticeOutOfRange.selector, 3599, 3600)
        );
        new RewardModels(address(manager), 3599);
    }
}
