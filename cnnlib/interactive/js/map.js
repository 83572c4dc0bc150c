// How is a map drawn whose cells are too many for a table? As one picture, in which a unit can be
// pointed at, or reached with the arrow keys.

const GAP = [128, 128, 128, 90];

// choose(i, j), where given, is called with the unit that the reader wants.
function cellMap({ title, role, rows, columns, picture, choose, side = 150 }) {
  const board = make("div", { class: "map-board", "data-role": role }, picture);
  const caption = make("figcaption", { "aria-hidden": true }, title);
  const cell = Math.min(24, side / Math.max(rows, columns));
  const counts = `--rows:${rows};--columns:${columns};--longest:${Math.max(rows, columns)}`;
  const style = `${counts};--wanted:${cell}px`;
  const node = make("figure", { class: "map", style }, caption, board);
  const place = frame("unit");
  board.append(place.node);
  board.setAttribute("role", choose ? "application" : "img");
  let unit = [0, 0];

  // Frame a unit, or none, and say what the picture shows.
  function show(chosen, text) {
    unit = chosen ?? unit;
    place.node.hidden = !chosen;
    if (chosen) place.place(...chosen, 1, 1);
    board.setAttribute("aria-label", choose ? say`${text}; arrow keys choose a unit` : text);
  }

  function wish(i, j) {
    if (i >= 0 && j >= 0 && i < rows && j < columns) choose(i, j);
  }

  if (choose) {
    board.tabIndex = 0;
    const point = (event) => {
      const box = board.getBoundingClientRect();
      const at = (offset, length, count) =>
        Math.min(count - 1, Math.floor((offset / length) * count));
      wish(
        at(event.clientY - box.top, box.height, rows),
        at(event.clientX - box.left, box.width, columns),
      );
    };
    board.addEventListener("click", point);
    board.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && event.buttons & 1) point(event);
    });
    board.addEventListener("keydown", (event) => {
      const [down, across] = arrow(event);
      if (!(down || across)) return;
      event.preventDefault();
      wish(unit[0] + down, unit[1] + across);
    });
  }
  return { node, board, show };
}

// A picture of cells that are marked or not, in lines as fine as the screen's.
function markedCells(rows, columns) {
  const read = make("svg:path", { class: "read" });
  const lines = (count, line) => Array.from({ length: count + 1 }, (_, at) => line(at)).join("");
  const across = lines(rows, (at) => `M0 ${at}h${columns}`);
  const down = lines(columns, (at) => `M${at} 0v${rows}`);
  const net = make("svg:path", { class: "net", d: rows * columns > 4096 ? "" : across + down });
  const view = {
    viewBox: `0 0 ${columns} ${rows}`,
    "aria-hidden": true,
    preserveAspectRatio: "none",
  };
  const picture = make("svg:svg", view, read, net);
  const mark = ([rowsRead, columnsRead]) => {
    const cells = rowsRead.flatMap((i) => columnsRead.map((j) => `M${j} ${i}h1v1h-1z`));
    read.setAttribute("d", cells.join(""));
  };
  return { picture, mark };
}

// The red, green and blue of a role's surface, from the style sheet's #rrggbb.
function fillColour(node, role) {
  const text = getComputedStyle(node).getPropertyValue(`--${role}-fill`).trim();
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
}

// A picture of numbers, row by row: the colour of their role, purple where they are negative, grey
// where there is none (NaN).
function shadedCells(rows, columns, role) {
  const picture = make("canvas", { width: columns, height: rows, "aria-hidden": true });
  const context = picture.getContext("2d");
  const image = context.createImageData(columns, rows);
  const show = (values) => {
    const [above, below] = [fillColour(picture, role), fillColour(picture, "negative")];
    const size = (value) => Math.abs(value) || 0;
    const largest = values.reduce((most, value) => Math.max(most, size(value)), 0) || 1;
    values.forEach((value, at) => {
      const none = Number.isNaN(value);
      image.data.set(none ? GAP : value < 0 ? below : above, 4 * at);
      if (!none) image.data[4 * at + 3] = (255 * size(value)) / largest;
    });
    context.putImageData(image, 0, 0);
  };
  return { picture, show };
}
