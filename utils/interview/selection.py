"""Which card comes next: a follow-up to what was missed, a task in time, else what is due."""

import random
from collections import Counter

from utils.interview.cards import LEVELS
from utils.interview.schedule import recall_chance

DEBUG_AT, CODE_AT = 0.25, 0.5  # of the interview's time
DEEPEST = 2  # follow-ups in a row
NEW_A_DRILL = 10  # cards that were never asked, in one drill
SPARE = 2  # minutes that a coding task may go over


def next_card(plan, state, deck, memories, now):
    """The next card and why it comes, or None when the time is up or nothing is left."""
    if plan.kind == "drill":
        return drill_card(plan, state, deck, memories, now)
    left = plan.minutes - state.seconds / 60
    if left <= 0:
        return None
    asked = {turn.card for turn in state.turns}
    if follow_up := missed_follow_up(state, deck, asked):
        return follow_up, "follow-up"
    cards = [card for card in deck.values() if fits(card, plan) and card.id not in asked]
    passed = 1 - left / plan.minutes
    kinds = {deck[turn.card].kind for turn in state.turns if turn.card in deck}
    for kind, at in (("code", CODE_AT), ("debug", DEBUG_AT)):
        due = [card for card in cards if card.kind == kind and card.minutes <= left + SPARE]
        if passed >= at and kind not in kinds and due:
            return first(due, plan, state, deck, memories, now).id, kind
    cards = [card for card in cards if card.kind != "code"]
    if not cards:
        return None
    card = first(cards, plan, state, deck, memories, now)
    return card.id, standing(memories.get(card.id), now)


def drill_card(plan, state, deck, memories, now):
    """The card that is most likely forgotten among those that are due, then some that are new."""
    mine = [card for card in deck.values() if fits(card, plan)]
    due = [card for card in mine if standing(memories.get(card.id), now) == "due"]
    if due:
        return min(due, key=lambda card: recall_chance(memories[card.id], now)).id, "due"
    fresh = [card for card in mine if card.id not in memories and card.kind != "code"]
    if fresh and sum(turn.because == "new" for turn in state.turns) < NEW_A_DRILL:
        return first(fresh, plan, state, deck, memories, now).id, "new"
    return None


def fits(card, plan):
    """Whether a card belongs to the topics and is not above the level."""
    return card.topic in plan.topics and LEVELS.index(card.level) <= LEVELS.index(plan.level)


def standing(memory, now):
    """Whether a card is new, due or known."""
    if memory is None:
        return "new"
    return "due" if memory.due <= now else "known"


def first(cards, plan, state, deck, memories, now):
    """The best of some cards: due before new before known, topics in turn, none far too easy, by lot."""
    topics = Counter(deck[turn.card].topic for turn in state.turns if turn.card in deck)
    lot = random.Random(f"{plan.seed} {len(state.turns)}")
    order = {card.id: lot.random() for card in cards}

    def rank(card):
        memory = memories.get(card.id)
        worth = ("due", "new", "known").index(standing(memory, now))
        below = LEVELS.index(plan.level) - LEVELS.index(card.level)  # one level below is welcome, two is not
        return worth, topics[card.topic], below > 1, recall_chance(memory, now), order[card.id]

    return min(cards, key=rank)


def missed_follow_up(state, deck, asked):
    """What an interviewer asks next: about a point that was missed, else one step deeper; None to move on."""
    if not state.turns or state.turns[-1].skipped or state.turns[-1].card not in deck:
        return None
    turn, card = state.turns[-1], deck[state.turns[-1].card]
    depth = 0
    for earlier in reversed(state.turns):
        if earlier.because != "follow-up":
            break
        depth += 1
    missed = [point.ask for place, point in enumerate(card.must) if place not in turn.must and point.ask]
    wanted = missed if depth else [*missed, *card.follow_ups]
    found = [other for other in wanted if other in deck and other not in asked and deck[other].kind != "code"]
    return found[0] if found and depth < DEEPEST else None
