"""How the stories of the demonstration are printed: the flows of each, and what they changed."""

from collections.abc import Iterator
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.table import Table

from cli.amounts import tokens
from oracle.demo.economy.flows import Flow
from oracle.demo.economy.tale import Story

SHOWN_NAMES = 8
NAMES_A_LINE = 3


def story_table(story: Story) -> Table:
    """The flows of one story, with the changes of balances below."""
    heading = "before the stories" if story.category == "-" else f"category {story.category}"
    table = Table(title=f"{heading}: {story.title}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("from", no_wrap=True)
    table.add_column("to", no_wrap=True)
    table.add_column("tokens", justify="right", no_wrap=True)
    table.add_column("for", no_wrap=True)
    for giver, receiver, amount, reason in _rows(story.flows):
        table.add_row(giver, receiver, amount, reason)
    table.caption = _changes(story)
    table.caption_justify = "left"
    return table


def _rows(flows: tuple[Flow, ...]) -> Iterator[tuple[str, str, str, str]]:
    """One row a flow; equal ones that follow each other are one row."""
    for (giver, units, reason), group in groupby(flows, lambda flow: (flow.giver, flow.units, flow.reason)):
        receivers = [flow.receiver for flow in group]
        if len(receivers) == 1:
            yield giver, receivers[0], tokens(units), reason
        else:
            yield giver, f"{len(receivers)} times, {receivers[0]} to {receivers[-1]}", f"{tokens(units)} each", reason


def _changes(story: Story) -> str:
    """Balances before and after, a few a line; of a crowd the last one, the Treasury, alone."""
    changes = [
        f"{name} {tokens(story.before_units[name])} to {tokens(after)}" for name, after in story.after_units.items()
    ]
    shown = changes if len(changes) <= SHOWN_NAMES else [changes[-1]]
    lines = [", ".join(shown[at : at + NAMES_A_LINE]) for at in range(0, len(shown), NAMES_A_LINE)]
    return "balances: " + ",\n          ".join(lines)
