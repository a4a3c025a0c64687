"""Export and import: everything arrives, once, and a broken file changes nothing."""

import json

import pytest

from tests.interview.conftest import answer, start
from utils.interview import store
from utils.interview.__main__ import main


def rehearse(room, count):
    """Answer some cards and end."""
    room.do(start())
    for _ in range(count):
        answer(room)
    room.do({"do": "end"})


def test_everything_arrives_on_another_machine_and_only_once(enter, clock, tmp_path, monkeypatch, capsys):
    rehearse(enter(), 3)
    reviews, interviews = store.load_reviews(), store.load_interviews()
    file = str(tmp_path / "mine.json")
    assert main(["export", file]) == 0
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "other"))
    clock.wait(days=1)
    rehearse(enter(), 2)
    own = store.load_reviews()
    for _ in range(2):
        assert main(["import", file]) == 0
    assert store.load_reviews() == [*reviews, *own]  # in the order of their times
    assert {one.id for one in store.load_interviews()} > {one.id for one in interviews}
    assert "3 new reviews" in capsys.readouterr().out


def test_what_is_imported_looks_as_it_did(enter, tmp_path, monkeypatch):
    rehearse(enter(), 2)
    before = enter().memories, store.load_interviews()
    main(["export", str(tmp_path / "mine.json")])
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "other"))
    main(["import", str(tmp_path / "mine.json")])
    after = enter().memories, store.load_interviews()
    assert after == before


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        "[]",
        "{}",
        json.dumps({"form": "another", "reviews": [], "interviews": []}),
        json.dumps({"form": "product-image-course rehearsal 1", "reviews": [["a", "b", 9, "2026-01-01"]]}),
        json.dumps({"form": "product-image-course rehearsal 1", "reviews": [["a", "b", 3, "never"]]}),
        '{"form": "product-image-course rehearsal 1", "reviews": [["a", "b", 1e999, "2026-01-01"]]}',
        '{"form": "product-image-course rehearsal 1", "reviews": [], '
        '"interviews": [["a", {}, "2026-01-01", 1e999, []]]}',
        "[" * 100_000,  # deeper than Python can go
    ],
)
def test_a_file_that_is_none_is_refused_and_changes_nothing(enter, tmp_path, content, capsys):
    rehearse(enter(), 1)
    before = store.load_reviews()
    (tmp_path / "bad.json").write_text(content)
    assert main(["import", str(tmp_path / "bad.json")]) == 2
    assert "Most likely fix" in capsys.readouterr().err
    assert store.load_reviews() == before


def test_a_file_that_does_not_exist_is_named(tmp_path, capsys):
    assert main(["import", str(tmp_path / "nowhere.json")]) == 2
    assert "nowhere.json" in capsys.readouterr().err
