"""What a learner has tried, solved and asked of each exercise."""

from dataclasses import dataclass

from utils.data.progress_file import in_transaction

ADD = """INSERT INTO exercises VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    tries = tries + excluded.tries, solved = MAX(solved, excluded.solved), hints = hints + excluded.hints"""


@dataclass(frozen=True)
class Record:
    """One exercise of one learner: how often tried, whether ever solved, how many hints."""

    tries: int = 0
    solved: bool = False
    hints: int = 0


def add_to_record(exercise_id, *, tries=0, solved=False, hints=0):
    """Add to what is known of an exercise and return its Record."""

    def add(connection):
        connection.execute(ADD, (exercise_id, tries, int(solved), hints))
        return read(connection)[exercise_id]

    return in_transaction(add)


def load_record():
    """Every exercise that was ever tried or asked about: {id: Record}."""
    return in_transaction(read)


def read(connection):
    """All rows as {id: Record}."""
    rows = connection.execute("SELECT id, tries, solved, hints FROM exercises").fetchall()
    return {row[0]: Record(row[1], bool(row[2]), row[3]) for row in rows}
