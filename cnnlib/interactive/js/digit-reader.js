// Figure 6: what does LeNet-5 make of a digit that the reader draws?

const SHEET = 280; // pixels of the sheet that the reader draws on
const PEN = 22;

// The ink on a sheet: how opaque it is, from 0 to 1.
function inkOn(context) {
  const { data } = context.getImageData(0, 0, SHEET, SHEET);
  const ink = new Float32Array(SHEET * SHEET);
  for (let at = 0; at < ink.length; at++) ink[at] = data[4 * at + 3] / 255;
  return ink;
}

// Draw a digit of 28×28 bytes onto a sheet, in ink of the given colour.
function pasteDigit(context, digit, colour) {
  const small = new OffscreenCanvas(28, 28).getContext("2d");
  const image = small.createImageData(28, 28);
  digit.forEach((value, at) => image.data.set([...colour, value], 4 * at));
  small.putImageData(image, 0, 0);
  context.clearRect(0, 0, SHEET, SHEET);
  context.imageSmoothingQuality = "high";
  context.drawImage(small.canvas, 0, 0, SHEET, SHEET);
}

// How the maps of a layer lie side by side, a line of nothing between them.
function tilesOf({ outSide: side, outChannels: maps }) {
  let across = Math.ceil(Math.sqrt(maps));
  while (maps % across) across -= 1;
  const pitch = side > 1 ? side + 1 : 1;
  const length = (count) => count * pitch - (pitch - side);
  const place = ([i, j, map]) => [Math.floor(map / across) * pitch + i, (map % across) * pitch + j];
  const unitAt = (row, column) => {
    const map = Math.floor(row / pitch) * across + Math.floor(column / pitch);
    return row % pitch < side && column % pitch < side ? [row % pitch, column % pitch, map] : null;
  };
  return { rows: length(maps / across), columns: length(across), place, unitAt };
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

// "0.12 − 3.4 + 0": numbers added up.
const added = (terms) =>
  terms.map((term, at) => (at ? (term < 0 ? " − " : " + ") + number(Math.abs(term)) : number(term))).join("");

function drawReader(card, options) {
  const network = buildNetwork(options.layers, decodeHalves(options.weights), 32);
  const state = { image: new Float32Array(32 * 32), sample: false, chosen: null };
  const sheet = make("canvas", {
    width: SHEET, height: SHEET, class: "sheet", role: "img",
    "aria-label": "sheet to draw a digit on, with the mouse or a finger; or choose a digit below",
  });
  const ink = sheet.getContext("2d", { willReadFrequently: true });
  const seen = shadedCells(32, 32, "input");
  const sees = cellMap({ title: "what LeNet reads", role: "input", rows: 32, columns: 32, picture: seen.picture });
  const verdict = make("p", { class: "verdict", "aria-live": "polite" });
  const classes = Array.from({ length: 10 }, (_, digit) => chance(digit));
  const parts = make("div", { class: "row parts" });
  const account = make("p", { class: "account", "aria-live": "polite" });

  function chance(digit) {
    const share = make("span", { class: "amount" });
    const fill = make("span");
    const node = make("li", {}, make("span", {}, String(digit)), make("span", { class: "chance" }, fill), share);
    const show = (probability) => {
      fill.style.width = `${100 * (probability ?? 0)}%`;
      share.textContent = probability === null ? "" : percent(probability);
    };
    return { node, show };
  }

  const maps = network.map((layer, position) => {
    const tiles = tilesOf(layer);
    const { outSide: side, outChannels: count, name } = layer;
    const title = side > 1 ? `${name}: ${count} maps, ${side}×${side}` : `${name}: ${count} units`;
    const picture = shadedCells(tiles.rows, tiles.columns, "output");
    const beyond = (at, was, pitch) => (side > 1 && at % pitch === side ? at + Math.sign(at - was) : at);
    const choose = (row, column) => {
      const [down, across] = state.chosen.position === position ? tiles.place(state.chosen.unit) : [row, column];
      const unit = tiles.unitAt(beyond(row, down, side + 1), beyond(column, across, side + 1));
      if (unit) chooseUnit(position, unit);
    };
    const { rows, columns } = tiles;
    const board = cellMap({ title, role: "output", rows, columns, picture: picture.picture, choose, side: 210 });
    const show = () => {
      const values = new Float32Array(rows * columns).fill(NaN);
      layer.output.forEach((value, at) => {
        const place = Math.floor(at / count);
        const [row, column] = tiles.place([Math.floor(place / side), place % side, at % count]);
        values[row * columns + column] = value;
      });
      picture.show(values);
    };
    const mark = (unit) => board.show(unit && tiles.place(unit), title);
    return { node: board.node, show, mark };
  });

  const unitForm = settings((changed) => {
    const places = ["map", "row", "column"].map((name) =>
      numberField({ name, label: name, value: 0, minimum: 0, maximum: Infinity, changed }));
    const names = network.map(({ name }, position) => [String(position), name]);
    return [choiceField({ name: "layer", label: "unit of", value: "0", options: names, changed }), ...places];
  }, look);

  const chooseUnit = (layer, [row, column, map]) => unitForm.write({ layer, row, column, map });

  function look({ layer, map, row, column }) {
    const { name, outSide, outChannels } = network[layer];
    for (const [what, at, count] of [["map", map, outChannels], ["row", row, outSide], ["column", column, outSide]]) {
      if (at >= count) throw new Problem(`${name} has ${count} ${what}s: there is no ${what} ${at}`, what);
    }
    state.chosen = { position: Number(layer), unit: [row, column, map] };
    maps.forEach((each, position) => each.mark(position === state.chosen.position ? state.chosen.unit : null));
    explain();
  }

  function explain() {
    const { position, unit } = state.chosen;
    const layer = network[position];
    const why = explainUnit(network, position, state.image, unit);
    const one = why.size === 1 ? [inOne(why.parts)] : why.parts;
    const before = position ? network[position - 1].name : "input";
    const rows = why.size === 1 ? divisor(why.parts.length) : why.size;
    parts.replaceChildren(...one.map((part) => drawPart(part, rows, before)));
    account.textContent = accountOf(layer, unit, why);
  }

  // Units of 1×1 maps: their values and weights in one picture each.
  function inOne(all) {
    const list = (name) => all.map((part) => part[name][0]);
    return { map: null, patch: list("patch"), kernel: list("kernel"), sum: sum(all.map((part) => part.sum)) };
  }

  function divisor(count) {
    let rows = Math.floor(Math.sqrt(count));
    while (count % rows) rows -= 1;
    return rows;
  }

  function drawPart({ map, patch, kernel, sum: total }, rows, before) {
    const draw = (values, title, role) => {
      const { picture, show } = shadedCells(rows, values.length / rows, role);
      const board = cellMap({ title, role, rows, columns: values.length / rows, picture, side: 64 });
      queueMicrotask(() => show(values));
      const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => number(value));
      board.show(null, `${title}: ${values.length} numbers from ${low} to ${high}`);
      return board.node;
    };
    const sign = (text) => make("span", { class: "sign", "aria-hidden": true }, text);
    const name = map === null ? before : before === "input" ? "input" : `${before} ${map}`;
    const shown = [draw(patch, name, "input")];
    if (kernel) shown.push(sign("×"), draw(kernel, kernel.length > 1 && map !== null ? "kernel" : "weights", "kernel"), sign("="), number(total));
    return make("div", { class: "part" }, ...shown);
  }

  function accountOf({ name, pool, activation }, [row, column, map], { parts: all, bias, value }) {
    const unit = `${name}, map ${map}, row ${row}, column ${column}`;
    if (pool) return `${unit}: the largest of ${all[0].patch.map((v) => number(v)).join(", ")} is ${number(value)}.`;
    const sums = all.map((part) => part.sum);
    const total = sum(sums) + bias;
    const terms = all[0].patch.length > 1 ? sums : [sum(sums)];
    const bent = activation === "relu"
      ? `ReLU: max(${number(total)}, 0) = ${number(value)}.`
      : `Softmax makes it ${percent(state.chances[map])}.`;
    return `${unit}: ${added([...terms, bias])} = ${number(total)}, the last term being the bias. ${bent}`;
  }

  function read() {
    state.waiting = false;
    const digit = digitFromInk(inkOn(ink), SHEET);
    state.image = digit ? framed(digit) : new Float32Array(32 * 32);
    const chances = softmax(runNetwork(network, state.image));
    state.chances = chances;
    seen.show(state.image);
    maps.forEach((map) => map.show());
    classes.forEach((each, place) => each.show(digit ? chances[place] : null));
    const best = chances.indexOf(Math.max(...chances));
    classes.forEach((each, place) => each.node.toggleAttribute("data-best", digit && place === best));
    verdict.textContent = digit ? `LeNet reads ${best}: ${percent(chances[best])}` : "Nothing is drawn yet.";
    if (state.chosen) explain();
  }

  // As fast as the screen shows it, and no faster.
  function soon() {
    if (!state.waiting) requestAnimationFrame(read);
    state.waiting = true;
  }

  function drawing() {
    let last = null;
    const at = (event) => {
      const box = sheet.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top].map((length) => (length * SHEET) / box.width);
    };
    const line = (event) => {
      const next = at(event);
      ink.beginPath();
      ink.moveTo(...last);
      ink.lineTo(...next);
      ink.stroke();
      last = next;
      soon();
    };
    sheet.addEventListener("pointerdown", (event) => {
      if (state.sample) clear();
      sheet.setPointerCapture(event.pointerId);
      Object.assign(ink, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: `rgb(${blue()})` });
      last = at(event);
      quiet(true);
      line(event);
    });
    sheet.addEventListener("pointermove", (event) => last && line(event));
    for (const end of ["pointerup", "pointercancel"]) {
      sheet.addEventListener(end, () => {
        last = null;
        quiet(false);
        soon();
      });
    }
  }

  // While a line is drawn nothing is read aloud.
  const quiet = (wanted) =>
    [verdict, account].forEach((node) => node.setAttribute("aria-live", wanted ? "off" : "polite"));

  const blue = () => {
    const text = getComputedStyle(sheet).getPropertyValue("--input-fill").trim();
    return [1, 3, 5].map((place) => parseInt(text.slice(place, place + 2), 16));
  };

  function clear() {
    state.sample = false;
    ink.clearRect(0, 0, SHEET, SHEET);
    soon();
  }

  function sampleButton(text, digit) {
    const bytes = bytesOf(text);
    const show = () => {
      pasteDigit(ink, bytes, blue());
      state.sample = true;
      soon();
    };
    const { picture, show: shade } = shadedCells(28, 28, "input");
    queueMicrotask(() => shade(Array.from(bytes)));
    const node = button("", show, { class: "sample", "aria-label": `sample ${digit}` });
    node.append(picture);
    return { node, show };
  }

  const samples = options.samples.map(sampleButton);
  const list = make("ol", { class: "chances", "aria-label": "probabilities" }, ...classes.map((each) => each.node));
  const clearing = button("Clear", clear);
  const hint = (text) => make("p", { class: "hint" }, text);
  card.append(
    hint("Draw a digit, or choose one of ten."),
    verdict,
    make("div", { class: "row desk" }, make("div", {}, sheet, clearing), sees.node, list),
    make("div", { class: "row samples", role: "group", "aria-label": "samples" }, ...samples.map((each) => each.node)),
    make("div", { class: "row maps" }, ...maps.map((map) => map.node)),
    hint("Point at a unit, or choose it here, to see what made it. All count from 0."),
    unitForm.node, parts, account,
  );
  drawing();
  sees.show(null, "the digit, centred and scaled to 32×32 pixels");
  read();
  chooseUnit(2, [4, 4, 0]);
  samples[3].show();
}

define("cnn-digit-reader", drawReader, {
  decodeHalves, buildNetwork, runNetwork, softmax, explainUnit,
  inkOn, pasteDigit, digitFromInk, framed, tilesOf,
});
