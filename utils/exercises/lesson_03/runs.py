"""Exercise 3.9: name the failure of three recorded trainings from their curves."""

from utils.exercises.lesson_03.answers import diagnose
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import article

RUNS = ("A", "B", "C")
SIGNS = {  # what each failure would show, for those who named it where it is not
    "healthy": "a healthy run ends with about all 25 modes, and more and more points on one",
    "penalty far too strong": "under too strong a penalty the slope falls below 0.01; here it does not",
    "critic without a bound": "without a bound losses and slopes reach thousands; here both are small",
    "generator far too fast": "an outrun discriminator stays undecided, and few modes are found; not so here",
    "momentum": "with momentum both losses swing by tenths all the time; here they do not",
    "rates far too large": "far too large rates throw a loss up for a moment, to tens; not so here",
}


def named_causes(function, inputs):
    """The cause that was named for each run; what is no name of the gallery is told as such."""
    answer = function()
    if not isinstance(answer, dict):
        return {"kind of result": article(type(answer).__name__)}
    if set(answer) != set(RUNS):
        return {"kind of result": "a dict", "runs": "others than A, B and C"}
    known = {
        f"run {run}": cause if cause in SIGNS else "no name of the gallery" for run, cause in answer.items()
    }
    return {"kind of result": "a dict", "runs": "A, B and C"} | dict(sorted(known.items()))


def naming(run, cause):
    """A diagnosis that is wrong in one run."""
    return lambda: diagnose() | {run: cause}


DIAGNOSE = Exercise(
    id="3.9",
    title="Diagnose three recorded runs",
    minutes=10,
    difficulty=2,
    reference=diagnose,
    examples=((),),
    draw=lambda generator, size: (),
    observe=named_causes,
    quote=lambda *_: "the three runs",
    mistakes={
        f"run {run} is not {cause!r}": Mistake(naming(run, cause), sign)
        for run in RUNS
        for cause, sign in SIGNS.items()
        if cause != diagnose()[run]
    }
    | {
        "a cause is no name of the gallery": Mistake(
            naming("A", "no name of the gallery"),
            "copy the names as they stand beside the curves of the gallery",
        ),
        "a run is left out": Mistake(
            lambda: {"A": diagnose()["A"], "B": diagnose()["B"]}, "name a cause for each of A, B and C"
        ),
    },
    hints=(
        "Read the axes first: are the losses of the order of 1, of 100 or of a million? And the slope?",
        "d_loss stays at 1.386 in A and in B. In one of them 24 modes are found, in the other hardly any.",
        "In C nothing holds the critic. In B its slope falls to a thousandth. In A it cannot keep up.",
    ),
    why="a loss of 1.386 alone says nothing: the slope and the modes told the two such runs apart",
)
