// Figure 2: how large is the output, and where do the windows land?

// Pixels from one window of the ruler to the next; more windows than these, and the ends are drawn.
const BAR = 18;
const WINDOWS = 12;

// What the ruler shows of a row of cells: all of a short one, the two ends of a long one.
function rulerOf(axis, room) {
  const end = Math.max(axis.padded, (axis.count - 1) * axis.stride + axis.extent);
  const last = axis.count - 1;
  if (axis.count <= WINDOWS && end <= room) {
    return { windows: Array.from({ length: axis.count }, (_, w) => w), runs: [[0, end]] };
  }
  const windows = [...new Set([0, 1, 2, last - 1, last])].filter((w) => w >= 0 && w <= last);
  const head = Math.min(2, last) * axis.stride + axis.extent + 1;
  const tail = Math.max(0, last - 1) * axis.stride - 1;
  return {
    windows: windows.sort((a, b) => a - b),
    runs:
      tail > head
        ? [
            [0, head],
            [tail, end],
          ]
        : [[0, end]],
  };
}

// What no window reaches at the end of the row, and what a last window reads beyond it.
function edgeOf(axis) {
  const used = (axis.count - 1) * axis.stride + axis.extent;
  const lost = Math.max(0, axis.padded - used);
  const pixels = Math.min(axis.size, Math.max(0, axis.zeros[0] + axis.size - used));
  return { used, lost, pixels, zeros: lost - pixels, over: Math.max(0, used - axis.padded) };
}

function edgeText(edge) {
  if (edge.over) return say`the last window hangs over the edge by ${edge.over}`;
  if (!edge.lost) return say`nothing is left over`;
  const pixels = say`${whole(edge.pixels)} pixel${edge.pixels === 1 ? "" : "s"}`;
  const zeros = say`${whole(edge.zeros)} zero${edge.zeros === 1 ? "" : "s"}`;
  if (edge.pixels && edge.zeros) return say`${pixels} and ${zeros} are left over at the end`;
  const what = edge.pixels ? pixels : say`${zeros} of the padding`;
  return say`${what} ${edge.lost === 1 ? "is" : "are"} left over at the end`;
}

function drawRuler(axis, width) {
  const { windows, runs } = rulerOf(axis, Math.floor(width / 12));
  const gap = 34 * (runs.length - 1);
  const cells = sum(runs.map(([from, to]) => to - from));
  const unit = Math.min(30, (width - gap - 2) / cells);
  const left = (width - gap - unit * cells) / 2;
  const x = (cell) => {
    const [first, second] = runs;
    if (!second || cell <= first[1]) return left + cell * unit;
    return left + (first[1] + cell - second[0]) * unit + gap;
  };
  const edge = edgeOf(axis);
  const [top, high] = [20, 26];
  const parts = [];
  const box = (from, to, y, height, look) =>
    parts.push(make("svg:rect", { x: x(from), y, width: x(to) - x(from), height, ...look }));
  const text = (at, y, words) => parts.push(make("svg:text", { x: at, y }, words));
  for (const [from, to] of runs) {
    for (const [start, stop, kind] of piecesOf(axis, edge)) {
      const [a, b] = [Math.max(from, start), Math.min(to, stop)];
      if (a < b) box(a, b, top, high, { class: kind });
    }
    if (unit < 5) continue;
    for (let cell = from; cell < to; cell++) box(cell, cell + 1, top, high, { class: "cell" });
  }
  if (gap) text(x(runs[0][1]) + gap / 2, top + 17, "…");
  const named = windows.map((w) => w * axis.stride).filter((cell) => cell >= axis.zeros[0]);
  const first = axis.zeros[0];
  const wanted = [...new Set([first, ...named, first + axis.size - 1])].sort((a, b) => a - b);
  const free = (at, taken) => taken.every((other) => Math.abs(other - at) > 26);
  const taken = [];
  for (const cell of [wanted[0], wanted.at(-1), ...wanted.slice(1, -1)]) {
    const at = x(cell + 0.5);
    if (cell >= first + axis.size || !free(at, taken)) continue;
    taken.push(at);
    text(at, 14, whole(cell - first));
  }
  let y = top + high + 8;
  windows.forEach((w, i) => {
    if (i && w > windows[i - 1] + 1) {
      text(width / 2, y + 10, "⋮");
      y += BAR;
    }
    drawWindow(axis, w, y, { box, text, x, unit });
    y += BAR;
  });
  const label = say`Windows start at ${windows.map((w) => whole(w * axis.stride - first)).join(", ")}.`;
  const view = { width, height: y, viewBox: `0 0 ${width} ${y}`, role: "img", "aria-label": label };
  return make("svg:svg", view, ...parts);
}

// The row's pieces: zeros, pixels, zeros, what is left over, what lies beyond the edge.
function piecesOf(axis, edge) {
  const pixels = axis.zeros[0] + axis.size;
  return [
    [0, axis.zeros[0], "zeros"],
    [axis.zeros[0], pixels, "pixels"],
    [pixels, axis.padded, "zeros"],
    [axis.padded - edge.lost, axis.padded, "lost"],
    [axis.padded, axis.padded + edge.over, "over"],
  ];
}

function drawWindow(axis, window, y, { box, text, x, unit }) {
  const start = window * axis.stride;
  const spread = axis.dilation > 1 && unit >= 3;
  box(start, start + axis.extent, y, 15, { class: spread ? "reach" : "window" });
  for (let tap = 0; tap < (spread ? axis.kernel : 0); tap++) {
    const at = start + tap * axis.dilation;
    box(at, at + 1, y, 15, { class: "window" });
  }
  const [from, to] = [x(start), x(start + axis.extent)];
  const fits = to - from > 30 && !spread;
  const right = to + 16 < x(start + axis.extent) + 40;
  text(fits ? (from + to) / 2 : right && start === 0 ? to + 14 : from - 14, y + 12, whole(window));
}

function drawCalculator(card, options) {
  const result = make("p", { class: "result" });
  const lines = make("div", {});
  const told = make("div", { "aria-live": "polite" }, result, lines);
  const ruler = make("div", {});
  let axis = null;

  const form = settings((changed) => {
    const field = (kind, name, label) =>
      kind({ name, label, value: options[name], maximum: options.largest[name], changed });
    return [
      field(numberField, "size", say`input n`),
      field(numberField, "kernel_size", say`kernel k`),
      field(numberField, "strides", say`stride s`),
      field(paddingField, "padding", say`padding p`),
      field(numberField, "dilation_rate", say`dilation d`),
      radioField({
        name: "ceil_mode",
        label: say`round`,
        value: String(options.ceil_mode),
        changed,
        options: [
          ["false", say`⌊down⌋`],
          ["true", say`⌈up⌉`],
        ],
      }),
    ];
  }, apply);

  function apply(values) {
    const { size, kernel_size: kernel, strides, padding, dilation_rate: dilation } = values;
    const next = axisOf(size, kernel, strides, padding, dilation, values.ceil_mode === "true");
    checkFit(next);
    axis = next;
    const windows = say`${whole(axis.count)} window${axis.count === 1 ? "" : "s"}`;
    result.textContent = say`${windows}; ${edgeText(edgeOf(axis))}`;
    const line = (text) => {
      const sides = text.split(" = ").map((side, i) => make("span", {}, (i ? "= " : "") + side));
      return make("p", { class: "equation" }, ...sides.flatMap((side) => [side, " "]));
    };
    lines.replaceChildren(...axis.equations(say`output`).map(line));
    redraw(ruler.clientWidth);
    if (!loading) preset.write("");
  }

  function redraw(width) {
    if (axis && width) ruler.replaceChildren(drawRuler(axis, width));
  }

  let loading = true;
  const preset = choiceField({
    name: "preset",
    label: say`or choose`,
    value: "",
    changed: load,
    options: [
      ["", say`a layer of LeNet-5 or AlexNet`],
      ...options.presets.map(({ group, layers }) => ({
        group,
        options: layers.map(({ label, values }) => [JSON.stringify(values), label]),
      })),
    ],
  });

  function load() {
    if (!preset.read()) return;
    const values = JSON.parse(preset.read());
    loading = true;
    form.write({ ...values, ceil_mode: String(values.ceil_mode) });
    loading = false;
  }

  card.append(form.node, make("div", { class: "row" }, preset.node), told, ruler);
  form.changed();
  loading = false;
  atWidth(ruler, redraw);
}

// For tests: all that the figure says of an axis.
function described(...numbers) {
  const axis = axisOf(...numbers);
  checkFit(axis);
  const { count, extent, zeros } = axis;
  const windows = Array.from({ length: count }, (_, window) => reads(axis, window));
  const { pixels, zeros: unused, over } = edgeOf(axis);
  const edge = { pixels, zeros: unused, over };
  return { count, extent, zeros, edge, lines: axis.equations("output"), reads: windows };
}

define("cnn-shape-calculator", drawCalculator, { described, integer });
