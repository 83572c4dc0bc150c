// Figure 3: who is connected to whom, and by which weight?

// More connections than these are counted, not listed, and drawn thin.
const LISTED = 16;

function drawExplorer(card, options) {
  const state = { kind: options.kind, unit: 0, pixel: null };
  const stage = make("div", { class: "row links" });
  const matrix = make("div", {});
  const told = make("div", { "aria-live": "polite", class: "sums" });
  const counts = make("div", {});
  let view = null;

  const form = settings((changed) => {
    const field = (name, label) =>
      numberField({ name, label, value: options[name], maximum: options.largest[name], changed });
    const kinds = [
      ["dense", say`dense`],
      ["local", say`local`],
      ["shared", say`shared`],
    ];
    return [
      radioField({
        name: "kind",
        label: say`connections`,
        value: options.kind,
        options: kinds,
        changed,
      }),
      field("size", say`image`),
      field("kernel_size", say`kernel`),
      field("strides", say`stride`),
    ];
  }, apply);

  function apply({ kind, size, kernel_size: kernel, strides }) {
    const axis = axisOf(size, kernel, strides);
    checkFit(axis, axis);
    const same = state.axis && state.axis.size === size && state.axis.count === axis.count;
    Object.assign(state, { kind, axis, matrix: weightMatrix(kind, axis) });
    state.weights = kind === "shared" ? kernel * kernel : 0;
    if (!same) build();
    const line = (text) =>
      make(
        "p",
        { class: "equation" },
        ...text.split(" = ").flatMap((side, i) => [make("span", {}, (i ? "= " : "") + side), " "]),
      );
    counts.replaceChildren(...countsOf(kind, axis).map(line));
    update();
  }

  function build() {
    const { size, count } = state.axis;
    const unit = (i, j) => unitName(i * count + j);
    const pixels = grid({
      title: say`pixels`,
      role: "input",
      rows: size,
      columns: size,
      name: (i, j) => say`pixel ${i * size + j + 1}`,
      choose: (i, j) => choose({ pixel: i * size + j, unit: null }),
    });
    const units = grid({
      title: say`units`,
      role: "output",
      rows: count,
      columns: count,
      name: (i, j) => say`unit ${unit(i, j)}`,
      choose: (i, j) => choose({ unit: i * count + j, pixel: null }),
    });
    for (const [board, what, columns] of [
      [pixels, "pixel", size],
      [units, "unit", count],
    ]) {
      const other = what === "unit" ? "pixel" : "unit";
      board.cells.forEach((line, i) =>
        line.forEach((cell, j) => {
          const here = { [what]: i * columns + j, [other]: null };
          cell.node.addEventListener(
            "pointerenter",
            (event) => event.pointerType === "mouse" && choose(here),
          );
          cell.touch.addEventListener("focus", () => choose(here));
        }),
      );
    }
    pixels.show(
      table(size, size, () => 0),
      table(size, size, (i, j) => String(i * size + j + 1)),
    );
    units.show(
      table(count, count, () => 0),
      table(count, count, unit),
    );
    const [below, above] = ["below", "above"].map((name) =>
      make("svg:svg", { class: name, "aria-hidden": true }),
    );
    stage.setAttribute("style", `--fit:${size + count}`);
    stage.replaceChildren(below, pixels.node, units.node, above);
    view = { pixels, units, below, above };
    Object.assign(state, { unit: 0, pixel: null });
  }

  // h11, h12, …: row and column, counted from 1.
  function unitName(unit) {
    const { count } = state.axis;
    return `h${Math.floor(unit / count) + 1}${(unit % count) + 1}`;
  }

  function choose(next) {
    if (next.unit === state.unit && next.pixel === state.pixel) return;
    Object.assign(state, next);
    update();
  }

  // Connections that the chosen pixel or unit has.
  const chosen = (unit, pixel) =>
    state.matrix[unit][pixel] > 0 && (unit === state.unit || pixel === state.pixel);

  function colour(weight) {
    return state.weights ? weightColour(weight, state.weights) : "var(--grey)";
  }

  function update() {
    const { size, count } = state.axis;
    const all = (board, columns, look) =>
      board.cells.forEach((line, i) =>
        line.forEach(({ node }, j) => {
          const [weight, mine] = look(i * columns + j);
          node.toggleAttribute("data-linked", weight > 0);
          node.style.setProperty("--link", weight ? colour(weight) : "");
          node.toggleAttribute("data-mine", mine);
        }),
      );
    const weightAt = (unit, pixel) =>
      unit === null || pixel === null ? 0 : state.matrix[unit][pixel];
    all(view.pixels, size, (pixel) => [weightAt(state.unit, pixel), pixel === state.pixel]);
    all(view.units, count, (unit) => [weightAt(unit, state.pixel), unit === state.unit]);
    told.textContent = sentence();
    note.textContent = state.weights
      ? say`Same colour, same weight: all units share them, and one bias.`
      : say`Every connection has a weight of its own.`;
    drawLines();
    drawMatrix(matrix.clientWidth);
  }

  function sentence() {
    const many = (list, what) => {
      if (list.length > LISTED) return say`${list.length} ${what}s`;
      return say`${what}${list.length === 1 ? "" : "s"} ${list.join(", ")}`;
    };
    if (state.pixel === null) {
      const pixels = state.matrix[state.unit].flatMap((weight, p) => (weight ? [p + 1] : []));
      const read = many(pixels, say`pixel`);
      const weights = say`${pixels.length} weight${pixels.length === 1 ? "" : "s"}`;
      return say`${unitName(state.unit)} reads ${read}: ${weights} and a bias`;
    }
    const units = state.matrix.flatMap((line, u) => (line[state.pixel] ? [unitName(u)] : []));
    if (!units.length) return say`pixel ${state.pixel + 1} is read by no unit`;
    return say`pixel ${state.pixel + 1} is read by ${many(units, say`unit`)}`;
  }

  // Arcs, since straight lines from pixels in a row would hide one another.
  function drawLines() {
    const frame = stage.getBoundingClientRect();
    const place = ({ node }) => {
      const box = node.getBoundingClientRect();
      return { x: box.left - frame.left, y: box.top - frame.top, side: box.width };
    };
    const { size } = state.axis;
    const from = view.pixels.cells.flat().map(place);
    const to = view.units.cells.flat().map(place);
    const beside = to[0].x > from[size - 1].x;
    const lines = { below: [], above: [] };
    state.matrix.forEach((row, unit) => {
      const pixels = row.flatMap((weight, pixel) => (weight ? [pixel] : []));
      pixels.forEach((pixel, i) => {
        const start = [from[pixel].x + from[pixel].side / 2, from[pixel].y + 4];
        const along = (to[unit].side * (i + 0.5)) / pixels.length;
        const end = [to[unit].x + (beside ? 2 : along), to[unit].y + (beside ? along : 2)];
        const bow = 10 + 8 * ((pixel % size) + Math.floor(pixel / size));
        const middle = [0, 1].map((i) => (start[i] + end[i]) / 2);
        const bend = beside ? [middle[0], middle[1] - bow] : [middle[0] + bow, middle[1]];
        const mine = chosen(unit, pixel);
        const look = { style: `stroke:${mine ? colour(row[pixel]) : "var(--faint)"}` };
        const path = make("svg:path", { d: `M${start}Q${bend} ${end}`, ...look });
        lines[mine ? "above" : "below"].push(path);
      });
    });
    view.below.replaceChildren(...lines.below);
    view.above.replaceChildren(...lines.above);
    view.above.toggleAttribute("data-many", lines.above.length > LISTED);
  }

  function drawMatrix(width) {
    if (!width) return;
    const [rows, columns] = [state.matrix.length, state.matrix[0].length];
    const side = Math.min(26, (width - 44) / columns);
    const [left, top] = [(width - side * columns) / 2 + 18, 22];
    const parts = [];
    const add = (tag, look, ...inside) => parts.push(make(`svg:${tag}`, look, ...inside));
    const box = (x, y, wide, high, look) =>
      add("rect", {
        x: left + x * side,
        y: top + y * side,
        width: wide * side,
        height: high * side,
        ...look,
      });
    state.matrix.forEach((row, unit) =>
      row.forEach((weight, pixel) => {
        if (weight)
          box(pixel, unit, 1, 1, {
            style: `fill:${colour(weight)}`,
            class: chosen(unit, pixel) ? "link" : "link pale",
          });
      }),
    );
    if (side > 8) {
      for (let c = 1; c < columns; c++) box(c, 0, 0, rows, { class: "rule" });
      for (let r = 1; r < rows; r++) box(0, r, columns, 0, { class: "rule" });
    }
    box(0, 0, columns, rows, { class: "edge" });
    if (state.unit === null) box(state.pixel, 0, 1, rows, { class: "mine" });
    else box(0, state.unit, columns, 1, { class: "mine" });
    add("text", { x: left + (side * columns) / 2, y: 14 }, say`${columns} pixels`);
    const middle = top + (side * rows) / 2;
    add(
      "text",
      { x: left - 10, y: middle, transform: `rotate(-90 ${left - 10} ${middle})` },
      say`${rows} units`,
    );
    const links = sum(state.matrix.flat().map((weight) => (weight ? 1 : 0)));
    const label = say`The layer as a matrix of ${rows} units by ${columns} pixels: ${links} weights that are not zero`;
    const height = top + side * rows + 4;
    const view = {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": label,
    };
    matrix.replaceChildren(make("svg:svg", view, ...parts));
  }

  const note = make("p", { class: "equation" });
  const hint = say`Point at a pixel or a unit, or go through them with the arrow keys.`;
  card.append(make("p", { class: "hint" }, hint), stage, told, matrix, note, counts, form.node);
  form.changed();
  atWidth(stage, () => {
    drawLines();
    drawMatrix(matrix.clientWidth);
  });
}

define("cnn-connection-explorer", drawExplorer, { layer });
