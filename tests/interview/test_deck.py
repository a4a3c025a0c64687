"""The deck: whole, in both languages, without a fault; and each rule finds the card that breaks it."""

import ast
import copy
from collections import Counter
from pathlib import Path

import pytest

from utils.interview import deck, lint, translations
from utils.interview.cards import KINDS, LEVELS
from utils.interview.deck import TOPICS, load_deck

ARTICLE = {  # the five questions and three problems of the article
    "gan-what",
    "stability-how",
    "modalities-how",
    "quality-how",
    "measuring-how",
    "code-gan",
    "text-gan-code",
    "enhancement-vae-code",
}


def test_the_deck_has_no_fault():
    assert list(lint.faults()) == []


def test_the_readme_tells_how_many_cards_there_are():
    readme = Path(__file__).resolve().parents[2] / "README.md"
    assert f"{len(load_deck())} cards in both languages" in " ".join(readme.read_text("utf-8").split())


def test_it_has_cards_of_every_kind_level_and_topic():
    cards = load_deck().values()
    assert len(cards) >= 120
    assert {card.kind for card in cards} == set(KINDS)
    levels = Counter(card.level for card in cards)
    assert set(levels) == set(LEVELS) and min(levels.values()) > len(cards) / 6
    assert set(Counter(card.topic for card in cards)) == set(TOPICS)


@pytest.mark.parametrize("root", sorted(ARTICLE))
def test_the_questions_of_the_article_have_follow_up_trees(root):
    cards = load_deck()
    first = cards[root].follow_ups
    second = {deeper for card in first for deeper in cards[card].follow_ups}
    assert len(first) >= 3 and second - set(first) - {root}


def test_following_up_comes_to_an_end():
    cards, longest = load_deck(), {}
    for card in reversed(cards.values()):  # a follow-up stands later, so it is known already
        longest[card.id] = 1 + max((longest[other] for other in card.follow_ups), default=0)
    assert max(longest.values()) <= 8


@pytest.fixture
def entry():
    """One good card, to be spoilt."""
    return copy.deepcopy(deck.read_file("gan")["cards"][0])


def found(monkeypatch, *cards):
    """The faults of a deck of these cards."""
    later = {card["id"] for card in cards} | {"gan-nowhere"}
    for card in cards:
        card["follow_ups"] = [other for other in card.get("follow_ups", []) if other in later]
        for point in card["must"]:
            if point.get("ask") not in later:
                point.pop("ask", None)
    monkeypatch.setattr(
        lint, "read_file", lambda topic: {"title": {"en": "GAN", "zh": "生成"}, "cards": list(cards)}
    )
    monkeypatch.setattr(lint, "stale", lambda topics: [])
    return "\n".join(lint.faults(("gan",)))


def test_the_good_card_is_good(entry, monkeypatch):
    assert found(monkeypatch, entry) == ""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda card: card["question"].pop("zh"), "question: required: 'zh'"),
        (lambda card: card["short"].update(zh=card["short"]["en"]), ": pattern: "),
        (lambda card: card["short"].update(en=card["short"]["zh"]), ": pattern: "),
        (lambda card: card["must"].__delitem__(slice(2, None)), "must: minItems: "),
        (lambda card: card.update(kind="riddle"), "kind: enum: "),
        (lambda card: card.update(kind="debug"), "required: 'code'"),
        (lambda card: card.update(kind="code"), "required: 'exercise'"),
        (lambda card: card.update(exercise="1.1"), "gan-what: not: "),
        (lambda card: card.update(hint="?"), "gan-what: additionalProperties: "),
        (lambda card: card.update(proof=["01 A heading that is not there"]), "no lesson has this heading"),
        (lambda card: card.update(kind="code", exercise="1.99"), "is in no lesson"),
        (lambda card: card["short"].update(en="GAN " * 91), "at most 90"),
        (lambda card: card["short"].update(zh="图" * 171), "at most 170"),
        (
            lambda card: card["long"].update(zh=card["long"]["zh"].rsplit("\n- ", 1)[0]),
            "not the same 3 or more",
        ),
        (lambda card: card["short"].update(zh=card["short"]["zh"].replace("。", "。 ", 1)), "has a blank"),
        (lambda card: card.update(follow_ups=["gan-nowhere"]), "must be a card that stands later"),
        (lambda card: card["must"][0].update(ask="gan-nowhere"), "is missing in follow_ups"),
    ],
)
def test_a_spoilt_card_is_found(entry, monkeypatch, spoil, said):
    spoil(entry)
    assert said in found(monkeypatch, entry)


def test_a_circle_of_follow_ups_and_a_second_card_of_one_name_are_found(entry, monkeypatch):
    one, two = copy.deepcopy(entry), copy.deepcopy(entry)
    one["follow_ups"], two["id"], two["follow_ups"] = ["gan-two"], "gan-two", [one["id"]]
    assert f"gan-two: follow-up {one['id']} must be a card that stands later" in found(monkeypatch, one, two)
    assert "this id is used twice" in found(monkeypatch, entry, copy.deepcopy(entry))


def test_a_stale_translation_is_found_and_a_changed_chinese_is_not_one(entry, monkeypatch):
    monkeypatch.setattr(translations, "read_file", lambda topic: {"cards": [entry]})
    assert translations.stale(("gan",)) == []
    entry["must"][0]["zh"] += "！"
    assert translations.stale(("gan",)) == []
    entry["must"][0]["en"] += " Not."
    assert translations.stale(("gan",)) == [entry["id"]]


def test_confirming_a_card_leaves_the_other_stale_ones_stale(entry, monkeypatch, tmp_path):
    other = copy.deepcopy(entry) | {"id": "gan-other"}
    monkeypatch.setattr(translations, "FILE", tmp_path / "translated.json")
    monkeypatch.setattr(
        translations, "read_file", lambda topic: {"cards": [entry, other] if topic == "gan" else []}
    )
    assert translations.stale() == [entry["id"], "gan-other"]
    translations.confirm({entry["id"]})
    assert translations.stale() == ["gan-other"]


@pytest.mark.parametrize(
    "card", [card for card in load_deck().values() if card.code], ids=lambda card: card.id
)
def test_what_stands_on_the_whiteboard_fits_it_and_code_is_python(card):
    lines = card.code.splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    if card.kind == "debug":
        ast.parse(card.code)
