"""python -m utils.interview.translations CARD …: the Chinese of these cards fits their English (for authors).

A card whose English has changed since is stale, and a test names it.
"""

import json
import sys
import zlib
from pathlib import Path

from utils.interview.deck import TOPICS, read_file

FILE = Path(__file__).parent / "decks" / "translated.json"


def english(entry):
    """Every English text of a card, in order."""
    if isinstance(entry, dict):
        own = [entry["en"]] if "en" in entry else []
        return own + [text for part in entry.values() for text in english(part)]
    if isinstance(entry, list):
        return [text for part in entry for text in english(part)]
    return []


def fingerprint(entry):
    """Eight letters that change with the English of a card."""
    return f"{zlib.crc32(chr(10).join(english(entry)).encode()):08x}"


def confirmed():
    """The fingerprints of the English that the Chinese was read beside."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def stale(topics=TOPICS):
    """The cards whose English is not that from which the Chinese was made."""
    known = confirmed()
    return [card["id"] for card in entries(topics) if known.get(card["id"]) != fingerprint(card)]


def entries(topics=TOPICS):
    """The cards of these topics as they stand in the files."""
    return [card for topic in topics for card in read_file(topic)["cards"]]


def confirm(ids):
    """Note that these cards fit in both languages; cards that are gone are dropped."""
    known = confirmed()
    prints = {card["id"]: fingerprint(card) for card in entries()}
    kept = {card: prints[card] if card in ids else known.get(card, "") for card in prints}
    FILE.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    wanted = sys.argv[1:]
    everything = [card["id"] for card in entries()]
    if unknown := sorted(set(wanted) - set(everything)):
        sys.exit(
            f"Cards of the deck are expected. Received: {', '.join(unknown)}. "
            "Most likely fix: their ids as they stand in decks/."
        )
    confirm(set(wanted))
    left = stale()
    print(f"{len(everything) - len(left)} of {len(everything)} cards are confirmed. " + " ".join(left))
