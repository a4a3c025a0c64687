"""The deck as an Anki package for a phone: one note a card, in one language or both."""

import html
import zlib
from pathlib import Path

import genanki

from utils.data.storage import write_atomic
from utils.interview.cards import LANGUAGES
from utils.interview.deck import TOPICS, load_topic, topic_title
from utils.interview.words import word

STYLE = (
    ".card { font: 18px/1.5 sans-serif; text-align: left } pre { overflow-x: auto } h4 { margin: 1em 0 .2em }"
)
MODEL = genanki.Model(
    1_607_392_319,
    "Product image interview",
    fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "Card"}],
    templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}],
    css=STYLE,
)


def export_deck(path, languages=LANGUAGES):
    """Write the deck as an .apkg file; returns how many notes it has. A new export updates the old notes."""
    decks = [anki_deck(topic, language) for language in languages for topic in TOPICS]
    package = genanki.Package(decks)
    write_atomic(Path(path), lambda place: package.write_to_file(str(place)))
    return sum(len(deck.notes) for deck in decks)


def anki_deck(topic, language):
    """One topic in one language."""
    title = f"{word('title', language)}::{topic_title(topic)[language]}"
    deck = genanki.Deck(number(f"{topic} {language}"), title)
    for card in load_topic(topic):
        name = f"{card.id} {language}"
        note = genanki.Note(
            MODEL, [front(card, language), back(card, language), name], tags=[card.level, card.kind, topic]
        )
        note.guid = genanki.guid_for(name)
        deck.add_note(note)
    return deck


def front(card, language):
    """The question, and the code on the whiteboard."""
    board = f"<pre>{html.escape(card.code)}</pre>" if card.code else ""
    return f"<p>{html.escape(card.question[language])}</p>{board}"


def back(card, language):
    """The answer in both lengths and the points."""
    parts = [section(word("short", language), paragraphs(card.short[language]))]
    parts.append(section(word("long", language), paragraphs(card.long[language])))
    for name in ("must", "bonus", "red_flags"):
        items = "".join(f"<li>{html.escape(point.text[language])}</li>" for point in getattr(card, name))
        parts.append(section(word(name, language), f"<ul>{items}</ul>"))
    parts.append(section(word("proof", language), html.escape("; ".join(card.proof))))
    return "".join(parts)


def section(title, content):
    """A heading and what stands below it."""
    return f"<h4>{html.escape(title)}</h4>{content}"


def paragraphs(text):
    """Text with its line breaks."""
    lines = html.escape(text).replace("\n", "<br>")
    return f"<p>{lines}</p>"


def number(name):
    """The number by which Anki knows a deck again."""
    return zlib.crc32(name.encode()) + 1_000_000_000
