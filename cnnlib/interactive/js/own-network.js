// How does the reader's own model come into a figure: chosen, or dropped on it?

const PROMISE = say`Count a model of your own: choose or drop its .keras file, or the .json of model.to_json(). It is read in this page, and never leaves your machine.`;

// The part of a figure that takes a file. add(network) shows what was counted, and returns what to
// say of it.
function ownNetwork(card, known, add) {
  const choose = make("input", {
    type: "file",
    accept: ".keras,.json",
    onclick: () => (choose.value = ""),
    onchange: () => choose.files[0] && read(choose.files[0]),
  });
  const shape = make("input", { type: "text", size: 12, autocomplete: "off" });
  const asked = make(
    "form",
    { class: "row", hidden: true, onsubmit: countAsAsked },
    make("label", {}, say`input shape`, " ", shape),
    make("button", {}, say`Count it`),
  );
  const label = make("label", { class: "field" }, make("span", {}, say`model file`), choose);
  const said = make("p", { role: "status" });
  const form = settings(
    () => [
      { name: "file", node: label, input: choose },
      { name: "shape", node: asked, input: shape },
    ],
    () => {},
  );
  let [latest, config] = [null, null];

  async function read(file) {
    latest = file;
    said.textContent = say`Reading ${file.name} …`;
    let problem = null;
    try {
      const found = await readModelFile(file);
      if (latest !== file) return;
      config = found;
    } catch (each) {
      problem = each;
    }
    if (latest !== file) return;
    asked.hidden = true;
    form.attempt(() => {
      said.textContent = "";
      if (problem) throw problem;
      show(null);
    });
  }

  function show(given) {
    said.textContent = "";
    try {
      said.textContent = add(countNetwork(config, known, given));
    } catch (problem) {
      if (problem.example) {
        if (asked.hidden) shape.value = problem.example;
        asked.hidden = false;
      }
      throw problem;
    }
  }

  function countAsAsked(event) {
    event.preventDefault();
    form.attempt(() =>
      show(shape.value.split(/[×x,]/).map((size) => integer(size, say`each size`, 1))),
    );
  }

  // Whatever else is dragged over the figure is none of its business.
  const dragged = (event) => event.dataTransfer.types.includes("Files");
  const mark = (event) => {
    if (!dragged(event)) return;
    event.preventDefault();
    card.toggleAttribute("data-drop", event.type !== "drop");
  };
  card.addEventListener("dragover", mark);
  card.addEventListener("dragleave", () => card.removeAttribute("data-drop"));
  card.addEventListener("drop", (event) => {
    mark(event);
    if (dragged(event)) read(event.dataTransfer.files[0]);
  });
  const promise = make("p", { class: "hint" }, PROMISE);
  return make("div", { class: "own" }, promise, form.node, said);
}
