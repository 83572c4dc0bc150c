// Figure 8: what does the reader expect, before the answer is seen?

// The number that a person wrote: "1,200", "1 200", "0,5", "12 %", "3e4"; NaN for none.
function written(text) {
  const plain = text.trim().replace(/[\s_]/g, "");
  const parts = plain.match(/^([-−+]?)(\d[\d,]*(?:\.\d+)?|\.\d+)(e[-+]?\d+)?(%?)$/i);
  if (!parts) return NaN;
  const [, sign, digits, power = "", share] = parts;
  const thousands = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits);
  const value = Number(digits.replace(/,/g, thousands ? "" : ".") + power) / (share ? 100 : 1);
  return sign && sign !== "+" ? -value : value;
}

function spoken(value, unit = "") {
  const digits =
    Math.abs(value) < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 1 };
  const told = value.toLocaleString("en", digits);
  return unit ? say`${told} ${unit}` : told;
}

// Where the two numbers stand on a line from 0 to 1, and the ends of that line.
function axisFor(guess, answer, given) {
  const far = Math.max(guess, answer) / Math.min(guess, answer) > 20;
  const logarithmic = given ? given.logarithmic : Math.min(guess, answer) > 0 && far;
  const spare = logarithmic ? 2 : 1.25;
  const low =
    given?.low ?? (logarithmic ? Math.min(guess, answer) / spare : Math.min(0, guess, answer));
  const high = given?.high ?? (Math.max(guess, answer, 0) * spare || 1);
  const scale = logarithmic ? Math.log : Number;
  const place = (value) => (scale(value) - scale(low)) / (scale(high) - scale(low));
  return { low, high, logarithmic, place };
}

// Both numbers on one line.
function compared(guess, answer, unit, given) {
  const { low, high, logarithmic, place } = axisFor(guess, answer, given);
  const marks = [
    ["guess", say`your guess`, guess],
    ["answer", say`computed`, answer],
  ].map(([kind, name, value]) => {
    const share = Math.min(1, Math.max(0, place(value)));
    const words = make("span", {}, say`${name}: ${spoken(value)}`);
    const mark = make("div", { class: "mark", "data-kind": kind }, words);
    mark.style.setProperty("--at", `${100 * share}%`);
    mark.style.setProperty("--back", `${-100 * share}%`);
    return mark;
  });
  const name = [unit, logarithmic && say`logarithmic axis`].filter(Boolean).join(", ");
  const ends = [spoken(low), name, spoken(high)].map((text) => make("span", {}, text));
  const line = make("div", { class: "line" });
  return make(
    "div",
    { class: "axis" },
    marks[0],
    line,
    marks[1],
    make("div", { class: "ends" }, ...ends),
  );
}

// Each way to guess: its node, and read(), which gives the guess or the words for what is missing.
function numberGuess({ unit }) {
  const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off" });
  const node = make("label", { class: "write" }, say`My guess: `, input, ` ${unit}`);
  const read = () => {
    const value = written(input.value);
    return Number.isNaN(value)
      ? { missing: say`Write a number first, as in 1,200 or 0.5.` }
      : { value };
  };
  return { node, read, input };
}

function pointGuess({ unit, axis }) {
  const { low, high, logarithmic } = axis;
  const steps = 200;
  const input = make("input", { type: "range", min: 0, max: steps, value: steps / 2, step: 1 });
  const at = () => {
    const share = Number(input.value) / steps;
    const value = logarithmic ? low * (high / low) ** share : low + (high - low) * share;
    return Number(value.toPrecision(3));
  };
  const shown = make("span", {}, spoken(at(), unit));
  const tell = () => {
    shown.textContent = spoken(at(), unit);
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.addEventListener("input", tell);
  tell();
  const ends = [low, high].map((value) => make("span", {}, spoken(value)));
  const line = make("span", { class: "slide" }, ends[0], input, ends[1]);
  const node = make("label", { class: "write" }, say`My guess: `, shown, line);
  return { node, read: () => ({ value: at() }), input };
}

function choiceGuess({ choices, question }) {
  const name = `guess-${Math.random()}`;
  const inputs = choices.map((value) => make("input", { type: "radio", name, value }));
  const labels = inputs.map((input, i) => make("label", {}, input, make("span", {}, choices[i])));
  const node = make("fieldset", { class: "question", "aria-label": question }, ...labels);
  const read = () => {
    const chosen = inputs.find((input) => input.checked);
    return chosen ? { value: chosen.value } : { missing: say`Choose an answer first.` };
  };
  return { node, read, input: inputs[0] };
}

function drawGuess(card, options) {
  const { question, answer, unit = "", axis, choices } = options;
  const way = choices ? choiceGuess : axis ? pointGuess : numberGuess;
  const { node, read } = way(options);
  const verdict = make("div", { role: "status", class: "told" });
  const host = card.getRootNode().host;
  const reveal = (...words) => {
    form.remove();
    verdict.replaceChildren(...words);
    // The page hides the next output until this is set.
    host.setAttribute("data-guessed", "");
  };
  const commit = () => {
    const { value, missing } = read();
    if (missing) return verdict.replaceChildren(missing);
    const same = value === answer;
    const both = say`You guessed ${choices ? value : spoken(value, unit)}; `;
    const head = make(
      "p",
      {},
      both,
      make(
        "strong",
        {},
        same ? say`and so it is.` : say`it is ${choices ? answer : spoken(answer, unit)}.`,
      ),
    );
    reveal(head, ...(choices ? [] : [compared(value, answer, unit, axis)]));
  };
  const shown = choices ? answer : spoken(answer, unit);
  const show = () => reveal(make("p", {}, say`It is `, make("strong", {}, say`${shown}.`)));
  const form = make(
    "form",
    {
      class: "guess",
      onsubmit: (event) => {
        event.preventDefault();
        commit();
      },
    },
    node,
    make(
      "div",
      { class: "row" },
      make("button", { type: "submit", "data-main": true }, say`This is my guess`),
      button(say`Show it`, show),
    ),
  );
  const title = make("p", {}, make("strong", {}, say`${options.title}. `), question);
  card.append(title, form, verdict);
}

define("cnn-guess", drawGuess, { written, spoken, axisFor });
