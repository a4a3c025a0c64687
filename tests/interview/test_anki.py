"""The Anki package, opened again as Anki does: every card is in it, in both languages."""

import html
import json
import sqlite3
import zipfile

import pytest

from utils.interview.__main__ import main
from utils.interview.deck import TOPICS, load_deck


def opened(path, folder):
    """The notes and decks in a package."""
    with zipfile.ZipFile(path) as package:
        package.extract("collection.anki2", folder)
    with sqlite3.connect(folder / "collection.anki2") as connection:
        notes = connection.execute("SELECT guid, flds, tags FROM notes").fetchall()
        decks = json.loads(connection.execute("SELECT decks FROM col").fetchone()[0])
        cards = connection.execute("SELECT count(*) FROM cards").fetchone()[0]
    connection.close()
    return notes, decks, cards


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The whole deck as a package."""
    path = tmp_path_factory.mktemp("anki") / "deck.apkg"
    assert main(["anki", str(path)]) == 0
    return path


def test_every_card_is_in_it_in_both_languages(package, tmp_path):
    notes, decks, cards = opened(package, tmp_path)
    deck = load_deck()
    assert len(notes) == cards == 2 * len(deck)
    fields = {flds.split("\x1f")[2]: flds.split("\x1f") for _, flds, _ in notes}
    for card in deck.values():
        for language in ("en", "zh"):
            question, back, _ = fields[f"{card.id} {language}"]
            assert html.escape(card.question[language]) in question
            assert all(html.escape(point.text[language]) in back for point in card.must)
            assert html.escape(card.must[0].text[language]) not in question
    assert len([deck for deck in decks.values() if "::" in deck["name"]]) == 2 * len(TOPICS)


def test_a_second_export_updates_the_notes_of_the_first(package, tmp_path):
    main(["anki", str(tmp_path / "again.apkg")])
    first = {note[0] for note in opened(package, tmp_path)[0]}
    assert {note[0] for note in opened(tmp_path / "again.apkg", tmp_path)[0]} == first


def test_one_language_alone(tmp_path):
    assert main(["anki", str(tmp_path / "zh.apkg"), "--only", "zh"]) == 0
    notes, _, _ = opened(tmp_path / "zh.apkg", tmp_path)
    assert len(notes) == len(load_deck())
