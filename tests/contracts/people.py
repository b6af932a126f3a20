"""Accounts with throw-away keys that are public functions of a name: worthless outside these tests."""

from web3 import Web3


def person(accounts, name: str):
    """The account of this name."""
    return accounts.add(Web3.keccak(text=f"gettone throw-away test key of {name}").hex())


def acting_as(accounts, contract):
    """The contract itself as a sender, so that one contract can be tested without the others' rules."""
    return accounts.at(contract.address, force=True)


def ascending(accounts, name: str, count: int) -> list:
    """`count` accounts sorted by address, the order of payouts and of signatures."""
    return sorted((person(accounts, f"{name} {n}") for n in range(count)), key=address_number)


def address_number(account) -> int:
    """Address as the number by which the contracts order accounts."""
    return int(account.address, 16)
