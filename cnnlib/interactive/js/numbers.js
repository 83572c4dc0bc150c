// How does the reader set a number, or a padding?

// One whole number for rows and columns, or two: "3" or "3×2".
function pair(text, name, minimum = 1) {
  const sides = text.split(/[×x]/);
  if (sides.length !== 2) return [integer(text, name, minimum), integer(text, name, minimum)];
  return sides.map((side) => integer(side, name, minimum));
}

function real(text, name) {
  const { value, kind, repr } = reading(text);
  if (kind !== "str" && Number.isFinite(value)) return value;
  throw new Problem(say`${name} must be a number, not ${repr} (${kind})`, name);
}

// A text field with − and + beside it; readText gives what its text means, or throws a Problem.
function nudgedField({ name, label, value, changed }, readText, nudged) {
  const input = make("input", { type: "text", autocomplete: "off", "aria-label": label });
  input.value = value;
  input.addEventListener("input", changed);
  const nudge = (by) => {
    input.value = nudged(input.value, by);
    changed();
  };
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    nudge(by);
  });
  const beside = (sign, told, by) =>
    button(sign, () => nudge(by), {
      class: "nudge",
      "aria-label": told,
      tabindex: -1,
    });
  const box = make(
    "span",
    { class: "number" },
    beside("−", say`less ${label}`, -1),
    input,
    beside("+", say`more ${label}`, 1),
  );
  const node = make("div", { class: "field" }, make("span", { "aria-hidden": true }, label), box);
  const write = (next) => (input.value = next);
  return { name, node, input, read: () => readText(input.value), write };
}

// A whole number; messages call it by its name, or as they are told.
function numberField(field) {
  const { name, called = name, minimum = 1, maximum } = field;
  const nudged = (text, by) => {
    const { value, kind } = reading(text);
    const next = kind === "str" ? minimum : Math.round(value) + by;
    return Math.min(maximum, Math.max(minimum, next));
  };
  const readText = (text) => atMost(integer(text, called, minimum), called, maximum);
  const built = nudgedField(field, readText, nudged);
  built.input.setAttribute("inputmode", "numeric");
  return { ...built, called: field.called };
}

// Rows and columns: one whole number for both, or two as in "3×2".
function pairField(field) {
  const { name, maximum } = field;
  const nudged = (text, by) => {
    const sides = text.split(/[×x]/).map((side) => (parseInt(side, 10) || 1) + by);
    return sides.map((side) => Math.min(maximum, Math.max(1, side))).join("×");
  };
  const readText = (text) => pair(text, name).map((side) => atMost(side, name, maximum));
  return nudgedField(field, readText, nudged);
}

// Keras's padding: a name, or a number of zeros on each side.
function paddingField({ label, value, maximum, changed }) {
  const sides = Array.from({ length: maximum }, (_, i) => [String(i + 1), String(i + 1)]);
  const options = ["valid", "same", "full"].map((name) => [name, name]);
  const text = String(value === 0 ? "valid" : value);
  const field = choiceField({
    name: "padding",
    label,
    value: text,
    options: [...options, ...sides],
    changed,
  });
  const read = () =>
    /^\d+$/.test(field.input.value) ? Number(field.input.value) : field.input.value;
  return { ...field, read, write: (next) => field.write(String(next === 0 ? "valid" : next)) };
}
