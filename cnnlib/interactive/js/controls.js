// What does the reader set, and what are they told when it cannot be?

function button(text, onclick, attributes = {}) {
  return make("button", { type: "button", onclick, ...attributes }, text);
}

// One of a list: options are [value, text] pairs, or { group, options } of such.
function choiceField({ name, label, value, options, changed }) {
  const entries = (list) =>
    list.map((entry) =>
      Array.isArray(entry)
        ? make("option", { value: entry[0] }, entry[1])
        : make("optgroup", { label: entry.group }, ...entries(entry.options)),
    );
  const input = make("select", { onchange: changed }, ...entries(options));
  input.value = value;
  const node = make("label", { class: "field" }, make("span", {}, label), input);
  return { name, node, input, read: () => input.value, write: (next) => (input.value = next) };
}

// One of a few, all in view: options are [value, text] pairs.
function radioField({ name, label, value, options, changed }) {
  const group = `${name}-${Math.random()}`;
  const inputs = options.map(([option]) =>
    make("input", { type: "radio", name: group, value: option, onchange: changed }),
  );
  const labels = inputs.map((input, i) =>
    make("label", {}, input, make("span", {}, options[i][1])),
  );
  const legend = make("legend", {}, label);
  const node = make("fieldset", { class: "field radios" }, legend, make("span", {}, ...labels));
  const write = (next) => inputs.forEach((input) => (input.checked = input.value === next));
  write(value);
  const read = () => inputs.find((input) => input.checked).value;
  return { name, node, input: inputs[0], read, write };
}

// [rows, columns] that an arrow key asks to go.
function arrow(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return [0, 0];
  const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  return ways[event.key] ?? [0, 0];
}

// Fields in a row, and one place for what is wrong. apply(values) runs whenever all can be read;
// the Problem that it, or a field, throws is shown, and the figure stays as it last was.
// arrange(fields) gives the nodes to show, where that is not one for each field.
function settings(fieldsOf, apply, arrange = (fields) => fields.map((field) => field.node)) {
  const id = `message-${Math.random()}`;
  const message = make("p", { class: "message", role: "alert", id, hidden: true });
  let fields = [];
  const tell = (problem) => {
    message.textContent = problem ? problem.message : "";
    message.hidden = !problem;
    for (const { name, called = name, input } of fields) {
      const wrong = problem?.field === called;
      input.toggleAttribute("data-wrong", wrong);
      input.setAttribute("aria-invalid", wrong);
      if (wrong) input.setAttribute("aria-describedby", id);
      else input.removeAttribute("aria-describedby");
    }
  };
  const attempt = (action) => {
    try {
      action();
      tell(null);
      return true;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      tell(problem);
      return false;
    }
  };
  const values = () => Object.fromEntries(fields.map((field) => [field.name, field.read()]));
  const changed = () => attempt(() => apply(values()));
  fields = fieldsOf(changed);
  const write = (next) => {
    fields.forEach((field) => field.name in next && field.write(next[field.name]));
    changed();
  };
  const row = make("div", { class: "fields" }, ...arrange(fields));
  return { node: make("div", {}, row, message), attempt, changed, write };
}
