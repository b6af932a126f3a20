"""The chain as gettone uses it: one gateway per contract, transactions that survive a crash, deployment.

Everything here speaks to one permissioned network with free gas (legacy transactions, gas price 0, explicit
chain id).  Amounts are integer base units, instants unix seconds of the chain's clock, member ids 64
lower-case hex digits, addresses EIP-55 strings.
"""
