// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CommunityWorld} from "./CommunityWorld.sol";
import {MembersHandler} from "./MembersHandler.sol";

/// @dev The members' handler with both ways of replacing a wallet: they share its book.
contract ReplacementsHandler is MembersHandler {
    constructor(CommunityWorld world_) MembersHandler(world_) {}

    function replace(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        (uint256 index, uint256 wallet) = (1 + seed % PEOPLE, 1 + (seed >> 32) % WALLETS);
        Person storage person = people[index];
        if (person.wallet == wallet || person.status == 0) return;
        bool lawful = !isFrozen(person) && isFree(wallet) && !world.isPaused();
        bytes memory consent = joinConsent(wallet, index, person.class_);
        address old = wallets[person.wallet];
        mayFall(old);
        uint256 held = token.balanceOf(old);
        vm.prank(old);
        try members.replaceWallet(idOf(index), wallets[wallet], block.timestamp, "", consent) {
            require(lawful, "an unlawful replacement passed");
            require(token.balanceOf(wallets[wallet]) == held, "the balance did not move");
            bookReplacement(index, wallet);
            world.reach("replaced by signature");
        } catch {
            require(!lawful, "a lawful replacement was refused");
        }
    }

    /// @dev By a registrar, or by the deputy, who may have frozen the wallet.
    function propose(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        (uint256 index, uint256 wallet) = (1 + seed % PEOPLE, 1 + (seed >> 32) % WALLETS);
        Person storage person = people[index];
        if (person.status == 0 || (person.proposedWallet == wallet && wallet != 0)) return;
        address registrar = (seed >> 64) % 2 == 0 ? REGISTRAR : world.DEPUTY();
        bool lawful = person.proposedWallet == 0 && isFree(wallet) && person.freezer != registrar;
        bytes memory consent = joinConsent(wallet, index, person.class_);
        vm.prank(registrar);
        try members.proposeReplacement(idOf(index), wallets[wallet], block.timestamp, consent) {
            require(lawful, "an unlawful proposal passed");
            person.proposedWallet = wallet;
            person.executableAt = uint64(block.timestamp) + (isFrozen(person) ? NOTICE : REPLACEMENT_DELAY);
        } catch {
            require(!lawful, "a lawful proposal was refused");
        }
    }

    function execute(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint256 index = nextPerson(seed % PEOPLE, isProposed);
        Person storage person = people[index];
        if ((seed >> 32) % 2 == 0) vm.warp(block.timestamp + (seed >> 64) % 8 days);
        uint256 wallet = person.proposedWallet;
        bool lawful =
            wallet != 0 && isFree(wallet) && block.timestamp >= person.executableAt && !world.isPaused();
        mayFall(wallets[person.wallet]);
        uint256 held = token.balanceOf(wallets[person.wallet]);
        try members.executeReplacement(idOf(index)) {
            require(lawful, "executed before its time, in a pause or to a member");
            require(token.balanceOf(wallets[wallet]) == held, "the balance did not move");
            bookReplacement(index, wallet);
            world.reach("replaced after the delay");
        } catch {
            require(!lawful, "a lawful execution was refused");
        }
    }

    function object(uint256 drawn) external watching {
        uint256 seed = mix(drawn);
        uint256 index = nextPerson(seed % PEOPLE, isProposed);
        Person storage person = people[index];
        bool cancel = (seed >> 32) % 3 == 0;
        bool lawful = person.proposedWallet != 0 && (cancel || !isFrozen(person));
        try this.voidProposal(index, cancel) {
            require(lawful, "objected to nothing, or frozen");
            (person.proposedWallet, person.executableAt) = (0, 0);
            world.reach("proposal made void");
        } catch {
            require(!lawful, "a lawful objection was refused");
        }
    }

    /// @dev By the administrator or by the old wallet; a call of its own, so that either can be refused.
    function voidProposal(uint256 index, bool cancel) external {
        vm.prank(cancel ? COMMUNITY_ADMIN : wallets[people[index].wallet]);
        if (cancel) members.cancelReplacement(idOf(index));
        else members.objectToReplacement(idOf(index), 0, "");
    }
}
