# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Mock interview
#
# > **The last question.** "Tell me about …", and a clock runs. Can you say it aloud?
# >
# > **最后一题。** “请你讲讲……”，计时开始。你能当场说清楚吗？
#
# Choose a role, topics and a length, then **answer aloud**. Open the answer, tick what you said, and go on: what you
# missed is asked again, deeper. A debugging task comes after a quarter of the time, a coding task at half time.

# %% tags=["setup"]
from utils.interview.widget import hand_in, rehearse

# %% tags=["widget"]
rehearse()

# %% [markdown]
# <details><summary><b>How it works</b></summary>
#
# * **Keys:** `s` opens the answer, digits tick the points, `n` saves and goes on, `k` skips, `p` pauses. Everything is
#   saved the moment you do it: close the window, and *Go on with the interview* is waiting.
# * **Marks:** an answer is worth the points that were said, less one for each red flag. Of a coding task the check counts
#   half, and a hint costs a fifth of that half.
# * **Drill:** each card comes back when you are about to forget it, after a day, a week, a month (FSRS, Ye et al. 2022).
# * **Coding in a cell:** in JupyterLab a coding task can be written in a cell of its own. `hand_in(discriminator_loss)`
#   gives your function to the check above.
# * **Two people:** tick *Two people* and start: this window is the interviewer's, with all points to listen for. In another
#   window, or in a new cell, `rehearse(role="candidate")` shows the questions alone.
# * **As a page:** `voila notebooks/10_mock_interview.ipynb`. **In a terminal:** `python -m utils.interview`.
# * **To another machine:** `python -m utils.interview export mine.json`, there `import mine.json`.
#   `python -m utils.interview anki deck.apkg` makes a deck for Anki.
#
# </details>
