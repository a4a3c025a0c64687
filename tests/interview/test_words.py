"""The words of the rehearsal: each is used, and each is in both languages."""

import re
from pathlib import Path

from utils.interview import words
from utils.interview.cards import KINDS, LEVELS

SOURCES = Path(words.__file__).parent.glob("*.py")
REASONS = {"due", "new", "known", "follow-up", "debug", "code"}


def test_every_word_is_said_somewhere():
    text = "".join(path.read_text("utf-8") for path in SOURCES if path.name != "words.py")
    said = {f"because_{reason}" for reason in REASONS} | set(KINDS) | set(LEVELS)
    assert [name for name in words.WORDS if f'"{name}"' not in text and name not in said] == []
    assert {name.removeprefix("because_") for name in words.WORDS if name.startswith("because_")} == REASONS


def test_every_word_is_in_both_languages_with_the_same_gaps():
    for name, text in words.WORDS.items():
        assert re.search("[一-鿿]", text.zh) and not re.search("[一-鿿]", text.en), name
        assert text.en.count("{}") == text.zh.count("{}"), name
