// How are the numbers of a small image drawn: as a table whose cells can be read, edited, chosen.

const table = (rows, columns, value) =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => value(i, j)));

// edit(i, j, text) makes cells text fields and tells whether it took the text; choose(i, j) makes
// them buttons; a grid is one stop of the tab key, and arrow keys move inside it. name(i, j) is what
// a cell is called aloud.
function grid({ title, role, rows, columns, name, edit, choose, editable = () => true }) {
  const look = `--rows:${rows};--columns:${columns}`;
  const body = make("table", { "aria-label": title, "data-role": role, style: look });
  const cells = table(rows, columns, (i, j) => cell(i, j));
  body.append(
    make("tbody", {}, ...cells.map((line) => make("tr", {}, ...line.map((c) => c.node)))),
  );
  const board = make("div", { class: "board" }, body);
  const node = make(
    "figure",
    { style: look },
    make("figcaption", { "aria-hidden": true }, title),
    board,
  );

  function cell(i, j) {
    const node = make("td");
    if (edit && editable(i, j)) {
      const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off" });
      input.setAttribute("aria-label", name(i, j));
      input.addEventListener("input", () => {
        input.toggleAttribute("data-wrong", !edit(i, j, input.value));
      });
      input.addEventListener("focus", () => input.select());
      node.append(input);
      return { node, touch: input };
    }
    if (choose) {
      const touch = button("", () => choose(i, j));
      node.append(touch);
      return { node, touch };
    }
    return { node };
  }

  const touchable = cells
    .flatMap((line, i) => line.map((c, j) => ({ ...c, i, j })))
    .filter((c) => c.touch);
  const stopAt = (chosen) => touchable.forEach((c) => (c.touch.tabIndex = c === chosen ? 0 : -1));
  if (touchable.length) stopAt(touchable[0]);
  body.addEventListener("focusin", (event) => {
    const here = touchable.find((c) => c.touch === event.target);
    if (here) stopAt(here);
  });
  body.addEventListener("keydown", (event) => {
    const [down, across] = arrow(event);
    const here = touchable.find((c) => c.touch === event.target);
    if (!here || !(down || across)) return;
    event.preventDefault();
    const next = cells[here.i + down]?.[here.j + across];
    if (!next?.touch) return;
    next.touch.focus();
    choose?.(here.i + down, here.j + across);
  });

  // Values as they are shaded; texts, where they are not the numbers; an empty cell is null.
  function show(
    values,
    texts = values.map((line) => line.map((v) => (v === null ? "" : number(v)))),
  ) {
    const largest = Math.max(...values.flat().map(Math.abs)) || 1;
    cells.forEach((line, i) =>
      line.forEach(({ node, touch }, j) => {
        const value = values[i][j];
        node.style.setProperty("--share", Math.round((60 * Math.abs(value ?? 0)) / largest) + "%");
        node.toggleAttribute("data-negative", value < 0);
        if (touch?.matches("input")) {
          if (touch === touch.getRootNode().activeElement) return;
          touch.value = texts[i][j].replace("−", "-");
          touch.removeAttribute("data-wrong");
        } else (touch ?? node).textContent = texts[i][j];
        if (touch?.matches("button")) touch.setAttribute("aria-label", name(i, j, texts[i][j]));
      }),
    );
  }

  const mark = (kind, wanted) =>
    cells.forEach((line, i) =>
      line.forEach((c, j) => c.node.toggleAttribute(`data-${kind}`, wanted(i, j))),
    );
  return {
    node,
    board,
    cells,
    show,
    mark,
    stopAt: (i, j) => stopAt(touchable.find((c) => c.i === i && c.j === j)),
  };
}

// A frame around some of a grid's cells.
function frame(kind, tag = "div", attributes = {}) {
  const node = make(tag, { class: `frame ${kind}`, ...attributes });
  const place = (top, left, rows, columns) =>
    node.setAttribute("style", `--top:${top};--left:${left};--high:${rows};--wide:${columns}`);
  return { node, place };
}
