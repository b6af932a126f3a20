"""The transaction outbox: how intents become receipts, once each, whatever happens on the way.

`planning` checks a call and stores what it is for; `signing` gives it a nonce and bytes under the key's lock;
`delivery` sends stored bytes, again and again, until a receipt says what became of them; `continuity` refuses a
chain that went back; `run` is the order of these steps.  `gettone.chain.transactions.Sender` is the way in.
"""
