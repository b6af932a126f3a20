"""All stories in their order: a table of contents."""

from collections.abc import Callable, Iterator

from oracle.demo.economy import between_members, for_the_community
from oracle.demo.economy.rules import INCENTIVES
from oracle.demo.economy.scene import Scene
from oracle.demo.economy.tale import Story

STORIES: tuple[Callable[[Scene], Story], ...] = (
    for_the_community.treasury_filled,
    between_members.hours_of_help,
    between_members.drill_lent,
    between_members.language_course,
    between_members.lesson_at_school,
    between_members.bicycle_bought,
    between_members.energy_bonus,
    between_members.bakery_cleaned,
    between_members.oven_repaired,
    for_the_community.flower_bed,
    for_the_community.energy_desk,
    for_the_community.tokens_bought,
    for_the_community.evening_in_the_hall,
)


def schedule_incentives(scene: Scene, valid_from_s: int) -> None:
    """Publish the incentive rules of the stories; they apply from `valid_from_s`, after the notice."""
    for (category, kind), rule in INCENTIVES.items():
        scene.send_as("token_admin", scene.contracts.policy.schedule_incentive(category, kind, rule, valid_from_s))


def tell_all(scene: Scene) -> Iterator[Story]:
    """Play the stories one after the other; each checks that its flows explain the balances."""
    for story in STORIES:
        yield story(scene)
