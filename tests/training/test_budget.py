"""One switch picks the settings; every setting reaches something."""

import dataclasses

import pytest

from utils.training import budget


def test_the_switch_picks_the_settings(monkeypatch):
    for name in budget.NAMES:
        monkeypatch.setenv("COURSE_BUDGET", name)
        assert budget.budget_name() == name
        assert budget.load_budget("02") is budget.LESSONS["02_code_a_gan"][name]
        assert budget.load_budget("02_code_a_gan") is budget.load_budget("02")


def test_without_the_switch_a_machine_without_gpu_takes_cpu(monkeypatch):
    monkeypatch.delenv("COURSE_BUDGET", raising=False)
    import tensorflow as tf

    expected = "gpu" if tf.config.list_physical_devices("GPU") else "cpu"
    assert budget.budget_name() == expected


def test_an_unknown_budget_is_answered_with_the_right_ones(monkeypatch):
    monkeypatch.setenv("COURSE_BUDGET", "huge")
    with pytest.raises(ValueError, match="smoke, cpu, gpu.*Received: 'huge'"):
        budget.budget_name()


def test_an_unknown_lesson_is_answered_with_the_right_ones():
    with pytest.raises(ValueError, match="02_code_a_gan.*Received: '99'"):
        budget.load_budget("99")


def test_every_lesson_has_every_budget_and_smoke_is_the_smallest():
    for lesson, budgets in budget.LESSONS.items():
        assert tuple(budgets) == budget.NAMES, lesson
        assert budgets["smoke"].steps < budgets["cpu"].steps < budgets["gpu"].steps


def lesson_sources():
    """Return the text of all lessons and of the library, where settings are read."""
    import pathlib

    root = pathlib.Path(budget.__file__).parents[2]
    files = [*root.glob("solutions/*.py"), *root.glob("utils/**/*.py")]
    return "\n".join(path.read_text("utf-8") for path in files)


KINDS = (
    budget.GANBudget,
    budget.PointsBudget,
    budget.TextGANBudget,
    budget.MultimodalBudget,
    budget.VAEBudget,
    budget.RestorerBudget,
    budget.EnhancementBudget,
    budget.StabilityBudget,
)
FIELDS = {field.name for kind in KINDS for field in dataclasses.fields(kind)}


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_setting_is_read_somewhere(field):
    text = lesson_sources()
    assert f"budget.{field}" in text
    assert f"budget.{field}_unread" not in text  # the planted bug: a setting that reaches nothing
