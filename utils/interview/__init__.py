"""Rehearse the interview, in a terminal, in lesson 10, or as a page of Voila.

cards, deck      what is asked: a question in two languages, the answer, what must be said, where it is proven
schedule         when a card comes back (FSRS)
rehearsal        one interview as plain data; selection says what comes next, scorecard what it was worth
store            reviews and interviews in the learner's progress file
room, view       one interview in progress, and what there is to see of it
terminal, widget the doors; both draw the same view
"""
