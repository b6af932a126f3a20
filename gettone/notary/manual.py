"""The text of VERIFY.md, in English and Italian: how to verify a take-out in plain words."""

MANUAL = """\
# How to verify this take-out

This archive holds your own meter readings, the keys that salt them, and the proofs that lead from each
reading to the tokens you received. You need nobody's word for it, not even ours.

1. Take a copy of `verify.py` from somewhere else than this archive if you can (the project publishes it):
   a verifier handed over together with the evidence proves less. It needs only Python 3.11 or later.
2. Find out, from a source you trust (your community's statute, its web page, another member), three things:
   the address of a node of the chain (`--rpc`), the hash of the chain's first block (`--genesis`) and the
   address of the settlement contract (`--contract`). None of them is read from this archive.
3. Run

       python3 -I verify.py TAKEOUT.zip --rpc URL --genesis 0x... --contract 0x...

The answer is one word, and nine steps that say what was checked:

* `OK`: every reading leads to your amount, and your amount to your tokens.
* `OK_PARTIAL`: all that this archive discloses is right; it does not disclose everything.
* `OK_ERASED`: your place in the settlement is proved; what it holds was erased.
* `PENDING`: the settlement is open, your payment has not been made yet.
* `UNANCHORED`: the chain has no such settlement.
* `TRUST_INPUT_MISSING`: a node, genesis hash or contract is missing or does not answer.
* `DIVERGED`: this archive agrees with itself, but the chain holds another root. Keep it: it is evidence.
* `INVALID:...`: something was changed; the answer names the slot, field or amount that differs.

What the files are: `readings` your energy per slot in Wh (withdrawn positive, injected negative; quality 0
missing, 1 actual, 2 estimated, 3 corrected, 4 substituted); `series` the hash of every slot; `keys.json` the
salts; `assignments` and `roster` your two leaves with their paths; `aggregates` the totals of the community;
`model`, `params`, `inputs` what the calculation used; `trace` the calculation itself; `chain` where to find
the settlement. This archive is personal data: whoever has it can read your consumption.

# Come verificare questo estratto

Questo archivio contiene le tue letture, le chiavi che le proteggono e le prove che portano da ogni lettura
ai token ricevuti. Non devi fidarti di nessuno, nemmeno di noi.

1. Se puoi, procurati `verify.py` altrove (il progetto lo pubblica): un programma consegnato insieme alle
   prove dimostra meno. Serve solo Python 3.11 o successivo.
2. Da una fonte di cui ti fidi (lo statuto della comunità, il suo sito, un altro membro) ottieni tre cose:
   l'indirizzo di un nodo della catena (`--rpc`), l'hash del primo blocco (`--genesis`) e l'indirizzo del
   contratto di regolamento (`--contract`). Nessuna delle tre viene letta da questo archivio.
3. Esegui

       python3 -I verify.py ESTRATTO.zip --rpc URL --genesis 0x... --contract 0x...

La risposta è una parola, con nove passi che dicono che cosa è stato controllato:

* `OK`: ogni lettura porta al tuo importo, e l'importo ai tuoi token.
* `OK_PARTIAL`: tutto ciò che l'archivio rivela è corretto; non rivela tutto.
* `OK_ERASED`: il tuo posto nel regolamento è provato; il contenuto è stato cancellato.
* `PENDING`: il regolamento è aperto, il tuo pagamento non è ancora avvenuto.
* `UNANCHORED`: la catena non contiene questo regolamento.
* `TRUST_INPUT_MISSING`: manca, o non risponde, il nodo, l'hash iniziale o il contratto.
* `DIVERGED`: l'archivio è coerente, ma la catena riporta un'altra radice. Conservalo: è una prova.
* `INVALID:...`: qualcosa è stato cambiato; la risposta indica l'intervallo, il campo o l'importo diverso.

L'archivio contiene dati personali: chi lo possiede può leggere i tuoi consumi.
"""
