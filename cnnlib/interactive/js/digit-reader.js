// Figure 6: what does LeNet-5 make of a digit that the reader draws?

// How the maps of a layer lie side by side, a line of nothing between them.
function tilesOf({ outSide: side, outChannels: maps }) {
  const across = side > 1 ? maps / divisorNear(maps) : divisorNear(maps);
  const pitch = side > 1 ? side + 1 : 1;
  const length = (count) => count * pitch - (pitch - side);
  const place = ([i, j, map]) => [Math.floor(map / across) * pitch + i, (map % across) * pitch + j];
  const unitAt = (row, column) => {
    const map = Math.floor(row / pitch) * across + Math.floor(column / pitch);
    return row % pitch < side && column % pitch < side ? [row % pitch, column % pitch, map] : null;
  };
  return { rows: length(maps / across), columns: length(across), pitch, place, unitAt };
}

// All maps of a layer as one picture; chosenUnit() says which unit it frames, if any.
function layerBoard(layer, chosenUnit, choose) {
  const { outSide: side, outChannels: count, name } = layer;
  const { rows, columns, pitch, place, unitAt } = tilesOf(layer);
  const title =
    side > 1 ? say`${name}: ${count} maps, ${side}×${side}` : say`${name}: ${count} units`;
  const { picture, show: shade } = shadedCells(rows, columns, "output");

  // An arrow key that leads between two maps leads on to the next.
  const beyond = (at, was) => (pitch > 1 && at % pitch === side ? at + Math.sign(at - was) : at);
  const wish = (row, column) => {
    const [i, j] = chosenUnit() ? place(chosenUnit()) : [row, column];
    const unit = unitAt(beyond(row, i), beyond(column, j));
    if (unit) choose(unit);
  };
  const map = cellMap({ title, role: "output", rows, columns, picture, choose: wish, side: 210 });

  function show() {
    const values = new Float32Array(rows * columns).fill(NaN);
    layer.output.forEach((value, at) => {
      const cell = Math.floor(at / count);
      const [row, column] = place([Math.floor(cell / side), cell % side, at % count]);
      values[row * columns + column] = value;
    });
    shade(values);
  }

  const mark = () => map.show(chosenUnit() && place(chosenUnit()), title);
  return { node: map.node, show, mark };
}

// The probabilities of the ten digits, as bars.
function chanceList() {
  const lines = Array.from({ length: 10 }, (_, digit) => {
    const [fill, share] = [make("span"), make("span", { class: "amount" })];
    const bar = make("span", { class: "chance" }, fill);
    return { node: make("li", {}, make("span", {}, String(digit)), bar, share), fill, share };
  });
  const node = make(
    "ol",
    { class: "chances", "aria-label": say`probabilities` },
    ...lines.map((l) => l.node),
  );
  const show = (chances) => {
    lines.forEach((line, digit) => {
      const chance = chances?.[digit] ?? 0;
      line.fill.style.width = `${100 * chance}%`;
      line.share.textContent = chances ? percent(chance) : "";
      line.node.toggleAttribute("data-best", Boolean(chances) && chance === Math.max(...chances));
    });
  };
  return { node, show };
}

function sampleButton(digit, bytes, onclick) {
  const { picture, show } = shadedCells(28, 28, "input");
  const node = button("", onclick, { class: "sample", "aria-label": say`sample ${digit}` });
  node.append(picture);
  queueMicrotask(() => show(Array.from(bytes)));
  return node;
}

function drawReader(card, options) {
  const weights = decodeHalves(options.weights);
  const network = buildNetwork(options.layers, weights, 32);
  const state = { image: new Float32Array(32 * 32), chances: [], position: 0, unit: [21, 13, 4] };
  const seen = shadedCells(32, 32, "input");
  const sees = cellMap({
    title: say`what LeNet reads`,
    role: "input",
    rows: 32,
    columns: 32,
    picture: seen.picture,
  });
  const verdict = make("p", { class: "verdict", "aria-live": "polite" });
  const account = make("p", { class: "account", "aria-live": "polite" });
  const parts = make("div", { class: "row parts" });
  const chances = chanceList();
  const cover = occlusionBoard(options.layers, weights);
  const label = say`sheet to draw a digit on, with the mouse or a finger; or choose a sample below`;

  // While a line is drawn nothing is read aloud.
  const sheet = drawingSheet(label, (going) => {
    [verdict, account].forEach((node) => node.setAttribute("aria-live", going ? "off" : "polite"));
    soon();
  });

  // As often as the screen shows it, and no more.
  function soon() {
    if (!state.waiting) requestAnimationFrame(read);
    state.waiting = true;
  }

  function read() {
    state.waiting = false;
    // A sample is read as it is: enlarged, blurred and scaled back, it would be another digit.
    const sample = sheet.pasted();
    const digit = sample
      ? Float32Array.from(sample, (value) => value / 255)
      : digitFromInk(sheet.ink(), SHEET);
    state.image = digit ? framed(digit) : new Float32Array(32 * 32);
    state.chances = softmax(runNetwork(network, state.image));
    seen.show(state.image);
    boards.forEach((board) => board.show());
    chances.show(digit && state.chances);
    const best = surest(state.chances);
    const found = say`LeNet reads ${best}: ${percent(state.chances[best])}`;
    verdict.textContent = digit ? found : say`Nothing is drawn yet.`;
    state.drawn = Boolean(digit);
    uncover();
    explain();
  }

  // Which patch mattered is asked anew for each drawing, if the reader wants to know.
  function uncover() {
    const asked = ask.getAttribute("aria-pressed") === "true";
    cover.node.hidden = cover.text.hidden = !asked;
    cover.look(state.image, asked && state.drawn ? state.chances : null);
  }

  const ask = button(
    say`Which part mattered?`,
    () => {
      ask.setAttribute("aria-pressed", ask.getAttribute("aria-pressed") !== "true");
      uncover();
    },
    { "aria-pressed": "false" },
  );

  const boards = network.map((layer, position) =>
    layerBoard(
      layer,
      () => (state.position === position ? state.unit : null),
      ([row, column, map]) => unitForm.write({ layer: position, map, row, column }),
    ),
  );

  const unitForm = settings((changed) => {
    const layers = network.map(({ name }, position) => [String(position), name]);
    const place = (name, label, value) =>
      numberField({ name, label, called: label, value, minimum: 0, maximum: Infinity, changed });
    const [row, column, map] = state.unit;
    return [
      choiceField({
        name: "layer",
        label: say`unit of`,
        value: state.position,
        options: layers,
        changed,
      }),
      place("map", say`map`, map),
      place("row", say`row`, row),
      place("column", say`column`, column),
    ];
  }, look);

  function look({ layer, map, row, column }) {
    const { name, outSide, outChannels } = network[layer];
    const places = [
      ["map", say`map`, map, outChannels],
      ["row", say`row`, row, outSide],
      ["column", say`column`, column, outSide],
    ];
    // Another layer may have fewer maps, rows or columns.
    const within = ([name, , at, count]) => [name, Math.min(at, count - 1)];
    if (Number(layer) !== state.position && places.some(([, , at, count]) => at >= count)) {
      unitForm.write({ layer, ...Object.fromEntries(places.map(within)) });
      return;
    }
    for (const [, what, at, count] of places) {
      if (at >= count)
        throw new Problem(say`${name} has ${count} ${what}s: there is no ${what} ${at}`, what);
    }
    Object.assign(state, { position: Number(layer), unit: [row, column, map] });
    boards.forEach((board) => board.mark());
    const why = explainUnit(network, state.position, state.image, state.unit);
    const before = state.position ? network[state.position - 1].name : "input";
    state.pictures = accountPictures(why, before);
    parts.replaceChildren(...state.pictures.nodes);
    if (!state.waiting) explain();
  }

  function explain() {
    const { position, unit } = state;
    const why = explainUnit(network, position, state.image, unit);
    state.pictures.show(why);
    account.textContent = accountText(network[position], unit, why, state.chances[unit[2]]);
  }

  const digits = options.samples.map(bytesOf);
  const samples = digits.map((bytes, digit) =>
    sampleButton(digit, bytes, () => sheet.paste(bytes)),
  );
  const hint = (text) => make("p", { class: "hint" }, text);
  card.append(
    hint(say`Draw a digit, or choose one of ten.`),
    verdict,
    make(
      "div",
      { class: "row" },
      make(
        "div",
        {},
        sheet.node,
        make("div", { class: "row" }, button(say`Clear`, sheet.clear), ask),
      ),
      sees.node,
      cover.node,
      chances.node,
    ),
    cover.text,
    make("div", { class: "row samples", role: "group", "aria-label": say`samples` }, ...samples),
    make("div", { class: "row maps" }, ...boards.map((board) => board.node)),
    hint(say`Point at a unit, or choose it here, to see what made it. All count from 0.`),
    unitForm.node,
    parts,
    account,
  );
  sees.show(null, say`the digit, centred and scaled to 32×32 pixels`);
  sheet.paste(digits[3]);
  unitForm.changed();
  return cover.stop;
}

define("cnn-digit-reader", drawReader, {
  decodeHalves,
  buildNetwork,
  runNetwork,
  softmax,
  explainUnit,
  inkOn,
  pasteDigit,
  digitFromInk,
  framed,
  chancesOfRow,
});
