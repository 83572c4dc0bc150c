// Figure 7: does the reader know it, and if not, what is it that they mix up?

// What stands between backticks is code.
function inline(text) {
  return text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));
}

// Where an answer comes from. The links stay in the page, and show in the card's slots: JupyterLab
// opens only those that it finds there. Gives a function from a question's number to its slot.
function linksOf(host) {
  const links = [...host.querySelectorAll("a")];
  links.forEach((link, i) => (link.slot = `see-${i + 1}`));
  host.append(...links);
  const slot = (number) => make("slot", { name: `see-${number}` });
  return (number) => (links.length ? [say` (`, slot(number), say`)`] : []);
}

// One question; answered(right) is called when an answer is checked.
function questionItem({ text, options }, number, answered, link) {
  const name = `question-${number}`;
  const verdict = make("p", { class: "verdict", role: "status", "aria-live": "polite" });
  const tell = (kind, ...words) => {
    verdict.dataset.kind = kind;
    verdict.replaceChildren(...words);
  };
  const choice = (option, i) => {
    const input = make("input", { type: "radio", name, value: i, onchange: () => tell("") });
    return make("label", {}, input, make("span", {}, ...inline(option.text)));
  };
  const labels = options.map(choice);
  const check = () => {
    const chosen = options[labels.findIndex((label) => label.firstChild.checked)];
    if (!chosen) return tell("none", say`Choose an answer first.`);
    const head = make("strong", {}, chosen.right ? say`✔ Right: ` : say`✘ Not this one: `);
    tell(chosen.right ? "right" : "wrong", head, ...inline(chosen.why), ...link(number));
    answered(chosen.right);
  };
  const legend = make("legend", {}, `${number}. `, ...inline(text));
  const ask = button(say`Check`, check, { "aria-label": say`Check answer ${number}` });
  return make("fieldset", { class: "question" }, legend, ...labels, ask, verdict);
}

function drawQuiz(card, { heading, questions }) {
  const right = new Set();
  const link = linksOf(card.getRootNode().host);
  const score = make("p", { class: "score" });
  const tell = () => (score.textContent = say`${right.size} of ${questions.length} right`);
  const items = questions.map((question, i) => {
    const answered = (isRight) => {
      right[isRight ? "add" : "delete"](i);
      tell();
    };
    return questionItem(question, i + 1, answered, link);
  });
  tell();
  if (heading) card.append(make("p", { class: "heading" }, heading));
  card.append(...items, score);
}

define("cnn-quiz", drawQuiz, {});
