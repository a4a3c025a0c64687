"""The deck: every card of every topic, in order, and the ways to look some up."""

import functools
from pathlib import Path

import yaml

from utils.interview.cards import Text, card_from

FOLDER = Path(__file__).parent / "decks"
TOPICS = (
    "gan",
    "code",
    "stability",
    "text",
    "modalities",
    "quality",
    "enhancement",
    "measuring",
    "scaling",
    "shop",
)


@functools.cache
def load_deck():
    """Every card by its id, in the order of the lessons."""
    return {card.id: card for topic in TOPICS for card in load_topic(topic)}


@functools.cache
def load_topic(topic):
    """The cards of one topic."""
    return tuple(card_from(topic, entry) for entry in read_file(topic)["cards"])


@functools.cache
def topic_title(topic):
    """What a topic is called, in both languages."""
    return Text(**read_file(topic)["title"])


@functools.cache
def read_file(topic):
    """One deck file as plain lists and dicts."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster
    text = (FOLDER / f"{topic}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, loader)
