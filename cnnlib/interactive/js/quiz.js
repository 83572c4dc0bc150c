// Figure 7: does the reader know it, and if not, what is it that they mix up?

// What stands between backticks is code.
function inline(text) {
  return text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));
}

// One question; answered(right) is called when an answer is checked.
function questionItem({ text, options }, number, answered) {
  const name = `question-${number}`;
  const verdict = make("p", { class: "verdict", role: "status", "aria-live": "polite" });
  const say = (kind, ...words) => {
    verdict.dataset.kind = kind;
    verdict.replaceChildren(...words);
  };
  const choice = (option, i) => {
    const input = make("input", { type: "radio", name, value: i, onchange: () => say("") });
    return make("label", {}, input, make("span", {}, ...inline(option.text)));
  };
  const labels = options.map(choice);
  const check = () => {
    const chosen = options[labels.findIndex((label) => label.firstChild.checked)];
    if (!chosen) return say("none", "Choose an answer first.");
    const head = make("strong", {}, chosen.right ? "✔ Right: " : "✘ Not this one: ");
    say(chosen.right ? "right" : "wrong", head, ...inline(chosen.why));
    answered(chosen.right);
  };
  const legend = make("legend", {}, `${number}. `, ...inline(text));
  const ask = button("Check", check, { "aria-label": `Check answer ${number}` });
  return make("fieldset", { class: "question" }, legend, ...labels, ask, verdict);
}

function drawQuiz(card, { questions }) {
  const right = new Set();
  const score = make("p", { class: "score" });
  const tell = () => (score.textContent = `${right.size} of ${questions.length} right`);
  const items = questions.map((question, i) =>
    questionItem(question, i + 1, (isRight) => {
      right[isRight ? "add" : "delete"](i);
      tell();
    }),
  );
  tell();
  card.append(...items, score);
}

define("cnn-quiz", drawQuiz, {});
