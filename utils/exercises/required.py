"""Raises unless a check said ✓: for graders to which a cell has passed when nothing raises (nbgrader)."""

last_lines = {}  # exercise id -> what its last check in this kernel said


def require_solved(exercise_id):
    """Raise an AssertionError with what the last check of the exercise said, unless that was ✓."""
    said = last_lines.get(exercise_id, f"✗ {exercise_id} was not checked")
    if not said.startswith("✓ "):
        raise AssertionError(said)
