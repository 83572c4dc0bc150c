// Figure 4: which pixels of the input does one unit see?

const LARGEST = { size: 32, depth: 5, kernel_size: 9, strides: 4, dilation_rate: 4, padding: 4 };

// What the chosen unit sees, in words.
function sightText({ name, fields }, cells, i, j) {
  const patch = patchOf(cells);
  const lengths = patch.map(([from, to]) => to - from);
  const [rows, columns] = patch.map(([from, to], way) => {
    if (to - from === 1) return way ? say`column ${from}` : say`row ${from}`;
    return way ? say`columns ${from} to ${to - 1}` : say`rows ${from} to ${to - 1}`;
  });
  const unit = say`Unit (${i}, ${j}) of ${name}`;
  const all = lengths[0] * lengths[1];
  if (!all) return say`${unit} sees padding only.`;
  const whole = fields.map((field) => field.size).join("×");
  const clipped = lengths.join("×") === whole ? "" : say`, clipped from ${whole} at the border`;
  const read = cells[0].length * cells[1].length;
  const holes = read === all ? "" : say` It reads ${read} of them; between its taps are holes.`;
  const pixels = say`${lengths.join("×")} pixels${clipped}`;
  return say`${unit} sees ${rows} and ${columns} of the input: ${pixels}.${holes}`;
}

function drawExplorer(card, options) {
  const names = Array.from({ length: LARGEST.depth }, (_, i) => `conv${i + 1}`);
  const state = { stack: [], input: [0, 0], maps: [], unit: null };
  const maps = make("div", { class: "row maps" });
  const unit = make("div", { class: "unit" });
  const result = make("p", { class: "result", "aria-live": "polite" });
  const lines = make("p", { class: "lines" });
  const rows = names.map((name) => make("tr", {}, make("th", { scope: "row" }, name)));
  let editable = [];

  function stackFields(changed) {
    const source = radioField({
      name: "source",
      label: say`network`,
      value: options.first,
      changed,
      options: [
        ["own", say`your own`],
        ["given", options.given.name],
      ],
    });
    const own = () => source.read() === "own";
    const one = (name, label, value, called) =>
      numberField({ name, label, called, value, maximum: LARGEST[name], changed });
    const only = (wanted, field, read = field.read) => ({
      ...field,
      read: () => (wanted() ? read() : null),
    });
    const size = one("size", say`input`, options.size);
    const depth = one("depth", say`layers`, options.layers.length, say`depth`);
    const layers = names.flatMap((layer, i) => {
      const at = options.layers[i] ?? options.layers[0];
      const fields = [
        one("kernel_size", say`${layer} kernel`, at.kernel_size),
        one("strides", say`${layer} stride`, at.strides),
        one("dilation_rate", say`${layer} dilation`, at.dilation_rate),
        paddingField({ value: at.padding, maximum: LARGEST.padding, changed }),
      ];
      fields[3].input.setAttribute("aria-label", say`${layer} padding`);
      rows[i].append(...fields.map((field) => make("td", {}, field.node)));
      return fields.map((field) => {
        const name = `${field.name} ${layer}`;
        const read = () => within(layer, name, field.read);
        return { ...only(() => own() && i < depth.read(), field, read), name };
      });
    });
    editable = [size.node, depth.node];
    return [source, only(own, size), only(own, depth), ...layers];
  }

  function arrange([source, size, depth]) {
    const heads = ["", say`kernel`, say`stride`, say`dilation`, say`padding`].map((text) =>
      make(text ? "th" : "td", text ? { scope: "col" } : {}, text),
    );
    const body = make("tbody", {}, make("tr", {}, ...heads), ...rows);
    const table = make("table", { class: "stack", "aria-label": say`the layers` }, body);
    editable.push(table);
    return [source.node, size.node, depth.node, table];
  }

  function apply(values) {
    const own = values.source === "own";
    const parts = ["kernel_size", "strides", "dilation_rate", "padding"];
    const layer = (name) => ({
      name,
      ...Object.fromEntries(parts.map((part) => [part, values[`${part} ${name}`]])),
    });
    const stack = own
      ? stackOf(values.size, names.slice(0, values.depth).map(layer))
      : withFields(options.given.layers);
    editable.forEach((node) => (node.hidden = !own));
    rows.forEach((row, i) => (row.hidden = i >= values.depth));
    build(stack);
  }

  function build(stack) {
    const level = (name, [down, across], role, choose) => {
      const { picture, mark } = markedCells(down, across);
      const title = say`${name}, ${down}×${across}`;
      return {
        ...cellMap({ title, role, rows: down, columns: across, picture, choose }),
        mark,
        title,
      };
    };
    const input = level(
      say`input`,
      stack[0].axes.map((axis) => axis.size),
      "input",
    );
    const outputs = stack.map(({ name, axes }, position) =>
      level(
        name,
        axes.map((axis) => axis.count),
        "output",
        (i, j) => choose(position, i, j),
      ),
    );
    Object.assign(state, { stack, maps: [input, ...outputs] });
    maps.replaceChildren(...state.maps.map((map) => map.node));
    state.unit = unitForm();
    unit.replaceChildren(state.unit.node);
    const wide = stack.findLastIndex(({ axes }) => axes.some((axis) => axis.count > 1));
    const position = wide < 0 ? stack.length - 1 : wide;
    choose(position, ...stack[position].axes.map((axis) => Math.floor((axis.count - 1) / 2)));
  }

  const choose = (layer, row, column) => state.unit.write({ layer, row, column });

  function unitForm() {
    const all = state.stack.map(({ name }, position) => [String(position), name]);
    const rest = { value: 0, minimum: 0, maximum: Infinity };
    const [row, column] = [say`row`, say`column`];
    return settings(
      (changed) => [
        choiceField({ name: "layer", label: say`unit of`, value: "0", options: all, changed }),
        numberField({ name: "row", label: row, called: row, changed, ...rest }),
        numberField({ name: "column", label: column, called: column, changed, ...rest }),
      ],
      look,
    );
  }

  function look({ layer, row, column }) {
    const position = Number(layer);
    const seen = seenBy(state.stack, position, row, column);
    const chosen = state.stack[position];
    state.maps.forEach((map, level) => {
      const cells = seen[level] ?? [[], []];
      map.mark(cells);
      const here = level === position + 1;
      const count = cells[0].length * cells[1].length;
      const told = here ? say`unit (${row}, ${column}) chosen` : say`${count} cells read`;
      map.show(here ? [row, column] : null, say`${map.title}: ${told}`);
    });
    result.textContent = sightText(chosen, seen[0], row, column);
    const patch = patchOf(seen[0])
      .map((ends) => `(${ends.join(", ")})`)
      .join(", ");
    const call = `${chosen.name}.input_patch(${row}, ${column}) = (${patch})`;
    lines.textContent = [...fieldLines(chosen.fields), call].join("\n");
  }

  const form = settings(stackFields, apply, arrange);
  const hint = say`Point at a unit of any map, or choose it below. Rows and columns count from 0.`;
  const letters =
    say`r, j, c: size, jump and start of the layer before. ` +
    say`k, s, d, p: this layer's kernel, stride, dilation and zeros in front.`;
  const small = (text) => make("p", { class: "hint" }, text);
  card.append(form.node, maps, small(hint), unit, result, lines, small(letters));
  form.changed();
}

define("cnn-receptive-field-explorer", drawExplorer, { stackOf, seenBy, patchOf, fieldLines });
