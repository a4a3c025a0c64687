"""The rehearsal in a browser, in Lab and as a page of Voila: by keyboard, in two languages, on a phone."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATH = "notebooks/10_mock_interview.ipynb"
RIGHT = """def discriminator_loss(real_logits, fake_logits):
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))"""
START_CODING = """from utils.interview.widget import rooms
shown = rooms[-1]
shown.take({"do": "start", "kind": "interview", "level": "mid", "topics": ["code"], "minutes": 15})
shown.room.save({"do": "skip", "seconds": 0.0})
task = next(card.id for card in shown.room.deck.values() if card.exercise == "2.1")
shown.room.save({"do": "ask", "card": task, "because": "code"})
shown.take({"do": "resume"})"""
FAKE_RECOGNISER = """
window.heard = [];
window.SpeechRecognition = class {
    static async available(options) { return options.processLocally ? LOCAL : "available"; }
    start() {
        window.heard.push(this.processLocally);
        const said = [[{ transcript: "the generator turns noise into an image" }]];
        setTimeout(() => this.onresult({ results: said }), 50);
    }
    stop() {}
};
window.webkitSpeechRecognition = window.SpeechRecognition;
"""


class Voila:
    """`voila notebooks/10_mock_interview.ipynb` for a learner of its own."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        folders = {"COURSE_FOLDER": str(folder / "learner"), "IPYTHONDIR": str(folder / "ipython")}
        environment = os.environ | folders
        environment.pop("PYTEST_CURRENT_TEST", None)
        # jupytext is for authors; its own extension of Lab does not load in Voila, and says so
        flags = ["--no-browser", f"--port={self.port}", "--Voila.ip=127.0.0.1",
                 "--VoilaConfiguration.extension_denylist=jupyterlab-jupytext"]  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voila", str(ROOT / PATH), *flags],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise RuntimeError("voila did not start")

    @property
    def address(self):
        """The page."""
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        """End it."""
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="module")
def voila(tmp_path_factory):
    """A running Voila."""
    server = Voila(tmp_path_factory.mktemp("voila"))
    yield server
    server.close()


class Door:
    """What a learner sees and does on a page with the rehearsal on it."""

    def __init__(self, page, pictures):
        self.page, self.pictures = page, pictures
        self.root = page.locator(".rehearsal").first
        self.root.wait_for()

    def click(self, name):
        """Click the button of that action."""
        self.root.locator(f"button[data-name='{name}']").click()

    def heading(self):
        """The question that is asked, or the score."""
        return self.root.locator("h3[data-name=heading]")

    def start(self, topics=("gan",), **choices):
        """Choose and start."""
        for box in self.root.locator("input[data-choice=topics]").all():
            box.set_checked(box.get_attribute("value") in topics)
        for name, value in choices.items():
            self.root.locator(f"input[data-choice={name}][value='{value}']").check()
        self.click("start")
        self.heading().wait_for()

    def begin_anew(self):
        """Come to the start whatever was left behind."""
        if self.root.locator("button[data-name=start]").count() == 0:
            for name in ("end", "home"):
                if self.root.locator(f"button[data-name={name}]").count():
                    self.click(name)
                    self.page.wait_for_timeout(500)
        self.root.locator("button[data-name=start]").wait_for()

    def next_question(self, key):
        """Press a key that brings the next question; returns the milliseconds until it stands there."""
        before = self.heading().inner_text()
        started = time.monotonic()
        self.page.keyboard.press(key)
        self.page.wait_for_function(
            "text => document.querySelector('.rehearsal h3')?.textContent !== text", arg=before, polling=5
        )
        return 1000 * (time.monotonic() - started)

    def screenshot(self, name):
        """Keep a picture to look at."""
        self.root.screenshot(path=self.pictures / f"{name}.png")


@pytest.fixture
def pictures(tmp_path):
    """Where screenshots go; SCREENSHOTS names a folder to keep them in."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def opened(page, voila, pictures):
    """The rehearsal as a page of Voila, at its start; errors are those of the page."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(voila.address, wait_until="domcontentloaded")
    door = Door(page, pictures)
    door.errors = errors
    door.begin_anew()
    return door


def test_a_page_of_voila_by_keyboard_from_the_question_to_the_scorecard(opened):
    assert opened.page.get_by_text("import hand_in").count() == 0  # no code
    opened.screenshot("10_start")
    opened.start()
    assert opened.page.evaluate("document.activeElement.dataset.name") == "heading"
    assert opened.root.locator("fieldset.must").count() == 0 and opened.root.locator(".answer").count() == 0
    opened.screenshot("10_question")
    opened.page.keyboard.press("s")
    opened.root.locator("fieldset.must").wait_for()
    for key in "12":
        opened.page.keyboard.press(key)
        opened.root.locator(f"fieldset.must input[data-name='must {int(key) - 1}']:checked").wait_for()
    opened.screenshot("10_marks")
    took = opened.next_question("n")
    print(f"next question after {took:.0f} ms")
    opened.next_question("k")
    opened.click("end")
    opened.root.locator(".scorecard").wait_for()
    assert "%" in opened.heading().inner_text() and opened.root.locator("ol.history li").count() >= 1
    opened.screenshot("10_scorecard")
    assert opened.errors == []


def test_the_clock_runs_and_a_pause_stops_it(opened):
    opened.start()
    clock = opened.root.locator(".clock")
    first = clock.inner_text()
    opened.page.wait_for_timeout(2_300)
    assert clock.inner_text() != first
    opened.page.keyboard.press("p")
    opened.root.locator(".paused").wait_for()
    stopped = clock.inner_text()
    opened.page.wait_for_timeout(2_300)
    assert clock.inner_text() == stopped
    opened.page.keyboard.press("p")
    opened.page.wait_for_timeout(2_300)
    assert clock.inner_text() != stopped


def test_the_language_is_switched_in_the_middle_of_a_question(opened):
    opened.start()
    english = opened.heading().inner_text()
    opened.root.get_by_role("button", name="中文").click()
    opened.page.wait_for_function("document.querySelector('.rehearsal').lang === 'zh'")
    chinese = opened.heading().inner_text()
    assert chinese != english and any("一" <= letter <= "鿿" for letter in chinese)
    opened.page.keyboard.press("s")
    opened.root.locator(".answer").wait_for()
    opened.screenshot("10_zh")
    opened.root.get_by_role("button", name="English").click()
    opened.page.wait_for_function("document.querySelector('.rehearsal').lang === 'en'")
    assert opened.heading().inner_text() == english


def test_an_interview_is_gone_on_with_after_the_page_is_closed(opened, voila):
    opened.start()
    asked = opened.heading().inner_text()
    opened.page.wait_for_timeout(6_000)  # the clock is saved every five seconds
    opened.page.goto(voila.address, wait_until="domcontentloaded")  # a new kernel; the old one is gone
    opened.root.wait_for()
    opened.click("continue")
    opened.heading().wait_for()
    assert opened.heading().inner_text() == asked
    assert int(opened.root.locator(".clock").inner_text().split(":")[1][:2]) >= 3


@pytest.mark.parametrize(("width", "zoom"), [(360, 1), (1280, 2)])
def test_it_fits_a_phone_and_a_page_at_twice_the_size(opened, width, zoom):
    opened.page.set_viewport_size({"width": width // zoom, "height": 740})  # what zooming in leaves
    opened.start()
    opened.page.keyboard.press("s")
    opened.root.locator(".answer").wait_for()
    wide = opened.page.evaluate(
        "[...document.querySelectorAll('.rehearsal, .rehearsal :not(pre):not(pre *)')]"
        ".filter(part => part.getBoundingClientRect().right > innerWidth + 1).map(part => part.outerHTML)"
    )
    assert wide == []
    opened.screenshot(f"10_{width}_{zoom}")


def test_every_control_has_a_name_that_a_screen_reader_can_say(opened):
    for moment in ("start", "card"):
        names = opened.page.evaluate(
            "[...document.querySelectorAll('.rehearsal button, .rehearsal input, .rehearsal textarea')]"
            ".map(one => (one.labels?.[0] ?? one).textContent.trim() || one.ariaLabel)"
        )
        assert names and all(names), moment
        if moment == "start":
            opened.start()
            opened.page.keyboard.press("s")
            opened.root.locator("fieldset.must").wait_for()


@pytest.mark.parametrize("local", ["available", "unavailable"])
def test_what_is_said_is_written_down_only_where_it_stays_on_the_machine(page, voila, pictures, local):
    page.add_init_script(FAKE_RECOGNISER.replace("LOCAL", repr(local)))
    page.goto(voila.address, wait_until="domcontentloaded")
    door = Door(page, pictures)
    door.begin_anew()
    door.start()
    box = door.root.locator(".listen")
    page.wait_for_timeout(500)
    if local == "unavailable":
        assert not box.is_visible()
        return
    door.click("listen")
    door.root.get_by_text("the generator turns noise into an image").wait_for()
    assert page.evaluate("window.heard") == [True]
    page.keyboard.press("s")
    door.root.locator("fieldset.must").wait_for()
    assert "noise into an image" in door.root.locator(".transcript").inner_text()  # beside the points
    door.screenshot("10_heard")


def test_in_lab_it_runs_links_lead_to_lessons_and_a_cell_is_handed_in(lab, tmp_path):
    lab.open(PATH)
    lab.run_all()
    door = Door(lab.page, lab.pictures)
    script = tmp_path / "start_coding.py"
    script.write_text(START_CODING)
    assert lab.run_new_cell(lab.cell_with("import hand_in"), f"exec(open({str(script)!r}).read())") == ""
    lab.screenshot("10_lab_begin")
    door.root.locator("textarea").wait_for(timeout=8000)
    door.root.locator("textarea").fill("def discriminator_loss(real_logits, fake_logits): return 7.0")
    lab.page.keyboard.press("Control+Enter")
    door.root.get_by_text("✗ 2.1").wait_for()
    door.root.locator("textarea").fill(RIGHT)
    lab.page.keyboard.press("Control+Enter")
    door.root.get_by_text("✓ 2.1").wait_for()
    door.screenshot("10_lab_coding")
    cell = lab.cell_with("import hand_in")
    source = "from utils.losses import discriminator_loss; hand_in(discriminator_loss)"
    assert "✓ 2.1" in lab.run_new_cell(cell, source)
    door.heading().click()
    lab.page.keyboard.press("s")
    link = door.root.locator(".answer a").first
    link.wait_for()
    assert "/lab/tree/notebooks/02_code_a_gan.ipynb#" in link.get_attribute("href")
    count = len(lab.state()["cells"])
    lab.page.keyboard.press("x")  # in the notebook it would cut a cell
    assert len(lab.state()["cells"]) == count
    lab.screenshot("10_lab")
    assert lab.errors == [] and lab.foreign == []


def test_two_people_the_candidate_sees_the_question_and_no_answer(lab):
    lab.open(PATH)
    lab.run_all()
    lab.start_new_cell(lab.cell_with("import hand_in"), 'rehearse(role="candidate")')
    lab.page.get_by_text("Waiting for the interviewer to begin.").wait_for()
    interviewer = lab.page.locator(".rehearsal:has(button[data-name=start], fieldset.must)")
    candidate = lab.page.locator(".rehearsal:not(:has(button[data-name=start])):not(:has(fieldset.must))")
    interviewer.locator("input[data-choice=pair]").check()
    interviewer.locator("button[data-name=start]").click()
    question = interviewer.locator("h3").inner_text()
    candidate.get_by_text(question).wait_for()
    assert (
        candidate.locator("fieldset, .answer").count() == 0 and interviewer.locator("fieldset").count() == 3
    )
    lab.screenshot("10_pair")
    assert lab.errors == []
