// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ITokenPolicy} from "../../contracts/interfaces/ITokenPolicy.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {TreasuryDesk} from "./TreasuryDesk.sol";

/// @dev Incentives against a plain model that keeps every part ever paid in one list and sums it anew for each
/// question. Amounts are a few base units, so that every rounding and every limit is met.
contract TreasuryIncentiveModelTest is TreasuryDesk {
    uint256 private constant PEOPLE = 4;

    struct Paid {
        uint256 month;
        uint256 provider;
        uint256 payer;
        uint256 receiver;
        uint256 units;
    }

    struct Rule {
        uint256 fixedUnits;
        uint256 priceBps;
        uint256 capUnits;
        uint256 permille;
    }

    Paid[] private _list;
    uint256[PEOPLE + 1] private _received;
    Rule private _rule;
    ITokenPolicy.Budgets private _limits;
    uint256 private _seed;

    /// @dev Some trades between four members, over some months, under budgets that change.
    function testFuzz_payIncentive__any_trades__as_the_plain_model(uint256 seed) public {
        _seed = seed;
        for (uint256 i = 1; i <= PEOPLE; ++i) join(i, CITIZEN);
        setRule();
        for (uint256 round; round < 2; ++round) {
            setBudgets();
            for (uint256 trade_; trade_ < 5; ++trade_) {
                fund(draw(60));
                vm.warp(block.timestamp + draw(4 days));
                trade();
            }
        }
    }

    function setRule() private {
        uint256 cap = 1 + draw(60);
        _rule = Rule(draw(cap + 1), draw(10_001), cap, draw(1001));
        enforce(
            2,
            0,
            ITokenPolicy.IncentiveRule(
                uint96(_rule.fixedUnits), uint16(_rule.priceBps), uint96(cap), uint16(_rule.permille), 0
            )
        );
    }

    function setBudgets() private {
        _limits = ITokenPolicy.Budgets(uint96(draw(200)), uint96(draw(80)), uint96(draw(60)), 0);
        enforce(_limits);
    }

    function trade() private {
        uint256 provider = 1 + draw(PEOPLE);
        uint256 payers = 1 + draw(PEOPLE - 1);
        uint96 price = uint96(draw(100));
        ITreasury.IncentiveRequest memory request = ITreasury.IncentiveRequest(
            keccak256(abi.encode(_seed)), 2, 0, uint64(block.timestamp), 0, price, idOf(provider), new bytes32[](payers)
        );
        // The payers are the members after the provider, round the table.
        for (uint256 i; i < payers; ++i) request.payers[i] = idOf((provider + i) % PEOPLE + 1);
        uint256 before = holdings();
        uint256 paid = modelTrade(provider, payers, price, before);
        require(treasury.payIncentive(request), "closed");
        same(holdings(), before - paid, "left in the Treasury");
        requireAgreement();
    }

    // ----------------------------------------------------------------------------------------------------- MODEL

    function modelTrade(uint256 provider, uint256 payers, uint256 price, uint256 balance)
        private
        returns (uint256 paid)
    {
        uint256 total = _rule.fixedUnits + price * _rule.priceBps / 10_000;
        if (total > _rule.capUnits) total = _rule.capUnits;
        // The i-th payer has what is left for those from it on, divided by their number and rounded up.
        uint256 rest = total;
        for (uint256 i; i < payers; ++i) {
            uint256 payer = (provider + i) % PEOPLE + 1;
            uint256 leg = (rest + payers - i - 1) / (payers - i);
            rest -= leg;
            leg = least(leg, left(_limits.pairPerMonthUnits, sumOfPair(provider, payer)));
            leg = least(leg, left(_limits.incentivesPerMonthUnits, sumOfMonth()));
            leg = least(leg, balance - paid);
            uint256 toProvider = leg * _rule.permille / 1000;
            paid += modelPay(provider, payer, provider, toProvider);
            paid += modelPay(provider, payer, payer, leg - toProvider);
        }
        same(rest, 0, "rest of the legs");
    }

    function modelPay(uint256 provider, uint256 payer, uint256 receiver, uint256 units) private returns (uint256) {
        units = least(units, left(_limits.memberPerMonthUnits, sumOfMember(receiver)));
        if (units == 0) return 0;
        _list.push(Paid(monthNow(), provider, payer, receiver, units));
        _received[receiver] += units;
        return units;
    }

    function sumOfMonth() private view returns (uint256 sum) {
        for (uint256 i; i < _list.length; ++i) {
            if (_list[i].month == monthNow()) sum += _list[i].units;
        }
    }

    function sumOfMember(uint256 receiver) private view returns (uint256 sum) {
        for (uint256 i; i < _list.length; ++i) {
            if (_list[i].month == monthNow() && _list[i].receiver == receiver) sum += _list[i].units;
        }
    }

    function sumOfPair(uint256 a, uint256 b) private view returns (uint256 sum) {
        for (uint256 i; i < _list.length; ++i) {
            Paid storage entry = _list[i];
            bool isPair = (entry.provider == a && entry.payer == b) || (entry.provider == b && entry.payer == a);
            if (entry.month == monthNow() && isPair) sum += entry.units;
        }
    }

    function requireAgreement() private view {
        same(treasury.incentivesInMonth(), sumOfMonth(), "of the month");
        for (uint256 a = 1; a <= PEOPLE; ++a) {
            same(held(a), _received[a], "held");
            same(treasury.memberIncentivesInMonth(idOf(a)), sumOfMember(a), "of the member");
            for (uint256 b = 1; b < a; ++b) {
                same(treasury.pairIncentivesInMonth(idOf(a), idOf(b)), sumOfPair(a, b), "of the pair");
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- ARITHMETIC

    function monthNow() private view returns (uint256) {
        return (block.timestamp - T0) / MONTH;
    }

    function least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    function left(uint256 limit, uint256 given) private pure returns (uint256) {
        return given < limit ? limit - given : 0;
    }

    /// @dev A number below `limit`, another one each time.
    function draw(uint256 limit) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % limit;
    }
}
