// Draws the screen that Python sends and sends back what was done. All words come from Python.

const KEY_TYPING = new Set(["TEXTAREA", "INPUT", "SELECT"]);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== ""));
  return made;
}

// "- " starts a bullet, `this` is code; everything else is text, never HTML.
function prose(text) {
  const blocks = [];
  for (const line of text.split("\n")) {
    const bullet = line.startsWith("- ");
    if (bullet || !blocks.length) blocks.push({ bullet, text: bullet ? line.slice(2) : line });
    else blocks.at(-1).text += ` ${line.trim()}`;
  }
  const bullets = blocks.filter((block) => block.bullet).map((block) => element("li", {}, inline(block.text)));
  const plain = blocks.filter((block) => !block.bullet).map((block) => element("p", {}, inline(block.text)));
  return [...plain, bullets.length ? element("ul", {}, bullets) : ""];
}

function inline(text) {
  return text.split("`").map((part, at) => (at % 2 ? element("code", {}, part) : part));
}

function lessonLink(item) {
  const lab = location.pathname.match(/^(.*\/(?:lab|doc)(?:\/workspaces\/[^/]+)?\/tree\/)(.*\/)?[^/]*$/);
  if (!lab || !item.file) return item.text; // outside of JupyterLab there is no notebook to open
  const place = `${lab[1]}${lab[2] ?? ""}${item.file}#${encodeURIComponent(item.heading.replaceAll(" ", "-"))}`;
  return element("a", { href: place, target: "_blank", rel: "noopener" }, item.text);
}

function minutes(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

// Only a recogniser on this machine will do: what is said must not leave it.
async function canListen(language) {
  try {
    return (await Recognition.available({ langs: [language], processLocally: true })) === "available";
  } catch {
    return false;
  }
}

class Door {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.since = performance.now();
    this.source = ""; // of the coding page, as it is being written
    this.transcript = ""; // stays here, in the page
    this.card = null;
    root.addEventListener("keydown", (event) => this.key(event));
    this.draw();
    model.on("change:screen", () => this.draw());
    this.timer = setInterval(() => this.second(), 1000);
  }

  get screen() {
    return this.model.get("screen");
  }

  send(action) {
    if (action.do === "try") {
      const verdict = this.root.querySelector(".verdict");
      if (verdict) verdict.textContent = this.screen.task.loading;
    }
    this.model.send(action);
  }

  act(name) {
    if (name === "start") return this.send({ do: "start", ...this.chosen() });
    return this.send(name === "try" ? { do: "try", source: this.source } : { do: name });
  }

  second() {
    const { screen, role } = this.screen;
    this.beats = (this.beats ?? 0) + 1;
    if (role === "candidate") this.send({ do: "look" });
    else if (screen === "card" && this.screen.clock.running && this.beats % (role === "interviewer" ? 1 : 5) === 0)
      this.send({ do: "beat" });
    this.clocks();
  }

  draw() {
    const { screen, card, language } = this.screen;
    const drawn = JSON.stringify({ ...this.screen, clock: null });
    if (this.drawn === drawn) { // only the clock has moved: nothing for a screen reader to read again
      this.since = performance.now();
      return this.clocks();
    }
    this.drawn = drawn;
    const place = `${screen} ${card ?? ""} ${Boolean(this.screen.answer)}`;
    const moved = place !== this.place;
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const scrolled = this.root.querySelector("textarea")?.selectionStart;
    if (card !== this.card) {
      this.card = card;
      this.transcript = "";
      this.stopListening();
      this.source = this.screen.task?.source ?? "";
    }
    this.since = performance.now();
    this.root.lang = language;
    const draw = { start: this.start, wait: this.wait, card: this.question, score: this.score }[screen];
    this.root.replaceChildren(this.header(), draw.call(this), this.notes());
    this.clocks();
    const heading = this.root.querySelector("[data-name=heading]");
    const again = focused && this.root.querySelector(`[data-name="${focused}"]`);
    if (this.place !== undefined && (moved || focused)) (moved ? heading : (again ?? heading))?.focus();
    if (again?.tagName === "TEXTAREA" && scrolled != null) again.setSelectionRange(scrolled, scrolled);
    this.place = place;
  }

  header() {
    const { title, languages, language } = this.screen;
    const buttons = Object.entries(languages).map(([code, name]) =>
      element(
        "button",
        { type: "button", lang: code, "aria-pressed": String(code === language), "data-name": `speak ${code}`,
          onclick: () => this.send({ do: "speak", language: code }) },
        name,
      ),
    );
    return element("div", { class: "top" }, element("strong", {}, title), element("span", { class: "languages" }, buttons));
  }

  notes() {
    return element("p", { class: "note", role: "status" }, this.screen.note);
  }

  actions() {
    const { actions } = this.screen;
    return element(
      "div",
      { class: "actions" },
      actions.map(({ do: name, text, key }, at) =>
        element(
          "button",
          { type: "button", class: at ? "" : "first", "data-name": name, "aria-keyshortcuts": key || null,
            onclick: () => this.act(name) },
          text,
          key ? element("kbd", { "aria-hidden": "true" }, key) : "",
        ),
      ),
    );
  }

  start() {
    const { choices, topics, due, pair, history } = this.screen;
    const radios = choices.map(({ name, title, items }) =>
      element(
        "fieldset",
        {},
        element("legend", {}, title),
        items.map(({ value, text, ticked }) =>
          element("label", {}, element("input", { type: "radio", name: `${name} ${this.model.cid ?? ""}`, value, checked: ticked,
            "data-choice": name, "data-name": `${name} ${value}` }), text),
        ),
      ),
    );
    const boxes = topics.items.map(({ value, text, count, ticked }) =>
      element("label", {}, element("input", { type: "checkbox", value, checked: ticked, "data-choice": "topics",
        "data-name": `topic ${value}` }), element("span", {}, text, " ", element("small", {}, count))),
    );
    return element(
      "section",
      {},
      element("p", { tabindex: "-1", "data-name": "heading" }, due),
      radios,
      element("fieldset", { class: "topics" }, element("legend", {}, topics.title), boxes),
      element("label", {}, element("input", { type: "checkbox", "data-choice": "pair", "data-name": "pair" }), pair),
      this.actions(),
      this.history(history),
    );
  }

  chosen() {
    const all = [...this.root.querySelectorAll("input:checked")];
    const of = (name) => all.filter((box) => box.dataset.choice === name).map((box) => box.value);
    return { kind: of("kind")[0], level: of("level")[0], minutes: Number(of("minutes")[0]), topics: of("topics"),
      pair: of("pair").length > 0 };
  }

  wait() {
    return element("section", {}, element("p", { tabindex: "-1", "data-name": "heading" }, this.screen.text));
  }

  question() {
    const { head, question, code, say, task, answer, points, paused, listen } = this.screen;
    return element(
      "section",
      {},
      element("p", { class: "head" }, head.map((part) => element("span", {}, part))),
      element("h3", { tabindex: "-1", "data-name": "heading" }, inline(question)),
      code ? element("pre", { tabindex: "0", "data-name": "code" }, code) : "",
      element("p", { class: "clock", role: "timer", "aria-live": "off" }),
      element("p", { class: "over", role: "status" }),
      paused ? element("p", { class: "paused", role: "status" }, paused) : element("p", { class: "say" }, say),
      task ? this.task(task) : "",
      listen ? this.listen(listen) : "",
      this.actions(),
      element("div", { class: "judge" }, points.map((part) => this.points(part))),
      answer ? this.answer(answer) : "",
    );
  }

  task({ title, verdict, hints }) {
    return element(
      "div",
      { class: "task" },
      element(
        "label",
        {},
        title,
        element("textarea", { rows: "10", spellcheck: "false", autocapitalize: "off", autocomplete: "off", "data-name": "source",
          oninput: (event) => { this.source = event.target.value; } }, this.source),
      ),
      element("p", { class: "verdict", role: "status" }, verdict),
      hints.map((hint) => element("p", { class: "hint" }, hint)),
    );
  }

  points({ part, title, items }) {
    const boxes = items.map(({ text, ticked }, at) => {
      const key = part === "must" ? String(at + 1) : "";
      return element(
        "label",
        {},
        element("input", { type: "checkbox", checked: ticked, "data-name": `${part} ${at}`, "aria-keyshortcuts": key || null,
          onchange: () => this.send({ do: "tick", part, point: at }) }),
        element("span", {}, key ? element("kbd", { "aria-hidden": "true" }, key) : "", inline(text)),
      );
    });
    return element("fieldset", { class: part }, element("legend", {}, title), boxes);
  }

  answer({ short, long, solution, proof, sources }) {
    const list = ({ title, items }) => element("div", {}, element("h4", {}, title), element("ul", {}, items.map((item) =>
      element("li", {}, item.text ? lessonLink(item) : item))));
    return element(
      "div",
      { class: "answer" },
      element("h4", {}, short.title),
      prose(short.text),
      element("h4", {}, long.title),
      prose(long.text),
      solution ? [element("h4", {}, solution.title), element("pre", { tabindex: "0", "data-name": "solution" }, solution.text)] : "",
      list(proof),
      list(sources),
    );
  }

  score() {
    const { heading, total, weakest, rows, history } = this.screen;
    const topics = rows.map(({ topic, percent, points, skipped, proof }) =>
      element(
        "li",
        {},
        element("strong", {}, `${topic}: ${percent} %`),
        element("meter", { min: "0", max: "100", value: percent, "aria-label": `${topic} ${percent} %` }),
        element("small", {}, [points, skipped].filter(Boolean).join(" · ")),
        proof.length ? element("ul", {}, proof.map((item) => element("li", {}, lessonLink(item)))) : "",
      ),
    );
    return element(
      "section",
      { class: "scorecard" },
      element("h3", { tabindex: "-1", "data-name": "heading" }, `${heading} · ${total}`),
      rows.length ? element("p", {}, weakest) : "",
      element("ol", {}, topics),
      this.history(history),
      this.actions(),
    );
  }

  history({ title, rows }) {
    if (!rows.length) return "";
    const bars = rows.map(({ date, percent }) =>
      element("li", { title: `${date}: ${percent} %` }, element("span", { style: `height: ${percent}%` }), element("b", {}, String(percent)),
        element("small", {}, date.slice(5, 10))),
    );
    return element("div", {}, element("h4", {}, title), element("ol", { class: "history" }, bars));
  }

  clocks() {
    const place = this.root.querySelector(".clock");
    if (!place) return;
    const { this: mine, whole, running, over } = this.screen.clock;
    const passed = running ? (performance.now() - this.since) / 1000 : 0;
    const told = [mine, whole].map(({ title, seconds, limit }) => {
      const now = minutes(seconds + passed);
      return `${title} ${limit ? `${now} / ${minutes(limit)}` : now}`;
    });
    place.textContent = told.join(" · ");
    const late = whole.limit && whole.seconds + passed >= whole.limit ? over : "";
    const said = this.root.querySelector(".over");
    if (said.textContent !== late) said.textContent = late;
  }

  listen(words) {
    const box = element("div", { class: "listen", hidden: true });
    const language = { en: "en-US", zh: "zh-CN" }[this.screen.language];
    const button = element("button", { type: "button", "data-name": "listen",
      onclick: () => (this.recogniser ? this.stopListening() : this.hear(language)) });
    const text = element("p", { class: "transcript" }, this.transcript);
    box.append(button, element("h4", {}, words.heard), text);
    this.listenWords = words;
    button.textContent = this.recogniser ? words.stop_listening : words.listen;
    if (Recognition) canListen(language).then((can) => { box.hidden = !can; });
    return box;
  }

  hear(language) {
    const recogniser = new Recognition();
    Object.assign(recogniser, { lang: language, continuous: true, interimResults: true, processLocally: true });
    const before = this.transcript;
    recogniser.onresult = (event) => {
      this.transcript = [before, ...[...event.results].map((result) => result[0].transcript)].join(" ").trim();
      const place = this.root.querySelector(".transcript");
      if (place) place.textContent = this.transcript;
    };
    recogniser.onend = () => this.stopListening();
    recogniser.start();
    this.recogniser = recogniser;
    this.labelListening();
  }

  stopListening() {
    const recogniser = this.recogniser;
    this.recogniser = null;
    if (recogniser) { recogniser.onend = null; recogniser.stop(); }
    this.labelListening();
  }

  labelListening() {
    const button = this.root.querySelector(".listen button");
    if (button) button.textContent = this.recogniser ? this.listenWords.stop_listening : this.listenWords.listen;
  }

  key(event) {
    event.stopPropagation(); // the notebook has keys of its own
    const { screen, actions } = this.screen;
    const typing = KEY_TYPING.has(event.target.tagName) && !["radio", "checkbox"].includes(event.target.type);
    if (typing) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.act("try"); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions.find(({ key }) => key && key === event.key.toLowerCase());
    const box = screen === "card" && /^[1-9]$/.test(event.key) && this.root.querySelector(`[data-name="must ${event.key - 1}"]`);
    if (action || box) event.preventDefault();
    if (action) this.act(action.do);
    else if (box) box.click();
  }

  close() {
    clearInterval(this.timer);
    this.stopListening();
  }
}

function render({ model, el }) {
  const root = element("div", { class: "rehearsal", "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  const door = new Door(model, root);
  return () => door.close();
}

export default { render };
