"""The door for JupyterLab and Voila: a widget that draws the room and sends back what is clicked or typed."""

import threading
from pathlib import Path

import anywidget
import traitlets

from utils.interview import coding
from utils.interview.room import Room
from utils.interview.view import view

HERE = Path(__file__).parent
rooms = []  # those of this kernel, the newest last


class Rehearsal(anywidget.AnyWidget):
    """The room as a widget; `screen` is all that the browser gets to know."""

    _esm = HERE / "door.js"
    _css = HERE / "door.css"
    screen = traitlets.Dict().tag(sync=True)

    def __init__(self, room):
        """Show a room."""
        self.room = room
        super().__init__(screen=view(room))
        self.on_msg(lambda _, action, __: self.take(action))

    def take(self, action):
        """Do what was clicked, then show what is to be seen now."""
        self.room.do(action)
        if self.room.card and self.room.card.exercise:
            threading.Thread(target=coding.exercise_of, args=(self.room.card,), daemon=True).start()
        self.screen = view(self.room)


def rehearse(language="en", role="alone"):
    """Return the rehearsal as a widget; role="candidate" is the view of the other one in a pair."""
    shown = Rehearsal(Room(language, role))
    rooms.append(shown)
    return shown


def hand_in(function):
    """Hand a function from a cell of the notebook to the coding task on the table; prints the verdict."""
    open_tasks = [shown for shown in rooms if shown.room.card and shown.room.card.exercise]
    if not open_tasks:
        print("No coding task is on the table. Start an interview above; one comes at half time.")
        return
    open_tasks[-1].take({"do": "try", "function": function})
    print(open_tasks[-1].room.state.turn.verdict)
