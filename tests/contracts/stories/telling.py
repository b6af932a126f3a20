"""Telling a story: who has how many tokens, and what happens on the way, in the words of a community."""

from collections.abc import Iterable

TOKEN = 10**18


def tokens(number: str) -> int:
    """Base units of a number of tokens as people write it: `2.5` are 2.5 * 10^18."""
    whole, _, part = number.partition(".")
    return int(whole) * TOKEN + int(part.ljust(18, "0") if part else 0)


class Teller:
    """Names everybody of a story, and reads balances and events with these names."""

    def __init__(self, token, exchange, treasury, names: dict[str, object]) -> None:
        self.token = token
        self.wallets = names | {"treasury": treasury, "escrow": exchange}
        self._names = {str(wallet): name for name, wallet in self.wallets.items()}

    def balances(self, *names: str) -> dict[str, str]:
        """Who has how much, in tokens as people write them."""
        return {name: _written(self.token.balanceOf(self.wallets[name])) for name in names}

    def events(self, receipts: Iterable) -> list[str]:
        """What happened, in its order, as sentences; transfers and fees with their tokens."""
        return [self._sentence(event) for receipt in receipts for event in receipt.events]

    def _sentence(self, event) -> str:
        if event.name == "Transfer":
            return f"{self._name(event['from'])} → {self._name(event['to'])}: {_written(event['value'])}"
        if event.name == "FeeCharged":
            return f"fee {_written(event['fee'])} of {_written(event['amount'])}"
        return event.name

    def _name(self, wallet) -> str:
        return "new" if int(str(wallet), 16) == 0 else self._names[str(wallet)]


def _written(units: int) -> str:
    whole, part = divmod(units, TOKEN)
    return f"{whole}.{str(part).rjust(18, '0').rstrip('0')}".rstrip(".")
