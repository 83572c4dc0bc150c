// Figure: how does each number of a small graph come about, forward and back?

const START = say`Press Forward to work out one step, and again for the next; then Back, for the slopes.`;
const FIRST = say`Forward first: slopes need the numbers of their steps.`;
const TURN = say`Every number is worked out. Now press Back.`;
const DONE = say`That was the last step. Change a number and watch the slopes, or reset.`;

function realField(name, value, changed) {
  const nudged = (text, by) => {
    const { value: before, kind } = reading(text);
    return kind === "str" ? 0 : Number((before + by).toFixed(6));
  };
  return nudgedField({ name, label: name, value, changed }, (text) => real(text, name), nudged);
}

// For tests: each number as cnnlib.scalars has it.
function workedOut(values, steps) {
  return [...workOut(values, steps).values()].map((node) => ({
    name: node.name,
    formula: formulaOf(node),
    value: node.value,
    slopes: node.slopes ?? [],
    arrived: sharesOf(node.arrived.filter(({ from }) => from)),
    gradient: node.gradient,
  }));
}

// What a box says: its name, its formula, the number, and what arrived on the way back.
function boxTexts(node, arrived, withNumber = true) {
  const shares = sharesOf(arrived);
  const texts = [[node.name, "name"]];
  if (node.kind) texts.push([formulaOf(node), "formula"]);
  if (withNumber) texts.push([`→ ${number(node.value)}`, "forward"]);
  if (shares.length) texts.push([`← ${written(shares)}`, "back"]);
  if (shares.length > 1) texts.push([`= ${number(sum(shares))}`, "back"]);
  return texts;
}

function drawGradientStepper(card, options) {
  const { steps, routes } = options;
  const names = steps.map(([name]) => name);
  const [count, result, last] = [steps.length, names.at(-1), 2 * steps.length + 1];
  const state = { at: 0, note: null, nodes: null, width: 0 };
  const stage = make("div", { class: "stage" });
  const lines = make("div", { class: "lines", "aria-live": "polite", "aria-atomic": true });

  // The steps that are done on each way, the last one last; null is where the way back begins.
  const gone = () => names.slice(0, state.at);
  const back = () => [null, ...names.toReversed()].slice(0, Math.max(0, state.at - count));
  const isHere = (name) => name === (state.at > count ? back() : gone()).at(-1);

  function known(node) {
    const arrived = node.arrived.filter(({ from }) => back().includes(from));
    return boxTexts(node, arrived, !node.kind || gone().includes(node.name));
  }

  function said() {
    const { at, nodes, note } = state;
    if (note) return note();
    if (!at) return [START];
    if (at <= count) return [forwardLine(nodes.get(names[at - 1]))];
    const name = back().at(-1);
    if (name) return backLines(nodes, nodes.get(name), result);
    return [say`The way back begins: the slope of ${result} with respect to itself is 1.`];
  }

  function summary() {
    const slopes = options.values.map(
      ([name]) => `${name}: ${number(state.nodes.get(name).gradient)}`,
    );
    return [
      `${result} = ${number(state.nodes.get(result).value)}`,
      say`The slope of ${result} with respect to each: ${slopes.join(", ")}`,
    ];
  }

  function boxOf(node, widest) {
    const texts = boxTexts(node, node.arrived).map(([text]) => text);
    const label = node.slopes ? widest(node.slopes.map((slope) => `×${number(slope)}`)) : 0;
    return { name: node.name, size: [widest(texts) + PAD, texts.length * LINE + PAD], label };
  }

  function drawBox(node, { size: [width, height] }, [x, y]) {
    const role = node.name === result ? "result" : node.kind ? "step" : "given";
    const here = isHere(node.name) || (node.name === result && isHere(null));
    const place = { x: x - width / 2, y: y - height / 2, width, height, rx: 4 };
    const top = place.y + (PAD + LINE) / 2;
    const texts = known(node).map(([text, kind], line) =>
      textAt([x, top + line * LINE], text, kind),
    );
    return [make("svg:rect", { ...place, class: role, "data-here": here }), ...texts];
  }

  function draw() {
    if (!state.width) return;
    const pen = new OffscreenCanvas(1, 1).getContext("2d");
    pen.font = getComputedStyle(stage).font;
    const widest = (texts) => Math.max(...texts.map((text) => pen.measureText(text).width));
    const nodes = [...state.nodes.values()];
    // As large as they will be when all is known, so that nothing jumps.
    const boxes = nodes.map((node) => boxOf(node, widest));
    let layout = placed(boxes, routes, 0);
    if (layout.size[0] + 4 > state.width) layout = placed(boxes, routes, 1);
    const [edges, slopes] = [[], []];
    for (const node of nodes) {
      const returned = back().includes(node.name);
      const kind = returned ? "edge back" : gone().includes(node.name) ? "edge forward" : "edge";
      node.operands?.forEach((operand, i) => {
        const { corners, near } = layout.edge(node.name, node.operands, i);
        const look = { class: kind, "data-here": isHere(node.name) };
        edges.push(arrowLine(returned ? corners.toReversed() : corners, look));
        if (returned) slopes.push(textAt(near, `×${number(node.slopes[i])}`, "slope back"));
      });
    }
    const [width, height] = layout.size.map((length) => length + 4);
    const said = nodes.map((node) => known(node).map(([text]) => text));
    const look = { role: "img", "aria-label": said.map((texts) => texts.join(" ")).join("; ") };
    const drawn = nodes.flatMap((node, i) => drawBox(node, boxes[i], layout.centre(node.name)));
    stage.replaceChildren(
      make(
        "svg:svg",
        { ...look, viewBox: `-2 -2 ${width} ${height}`, width },
        ...edges,
        ...slopes,
        ...drawn,
      ),
    );
  }

  function update() {
    draw();
    lines.replaceChildren(...said().map((line) => make("p", {}, line)));
    forward.toggleAttribute("data-main", state.at < count);
    backward.toggleAttribute("data-main", state.at >= count && state.at < last);
  }

  function go(at, note = null) {
    Object.assign(state, { at, note });
    update();
  }

  const tell = (line) => go(state.at, () => [line]);
  const forward = button(say`Forward`, () => {
    if (state.at < count) go(state.at + 1);
    else tell(state.at < last ? TURN : DONE);
  });
  const backward = button(say`Back`, () => {
    if (state.at < count) tell(FIRST);
    else if (state.at < last) go(state.at + 1);
    else tell(DONE);
  });
  const all = button(say`All`, () => go(last, summary));
  const reset = button(say`Reset`, () => {
    Object.assign(state, { at: 0, note: null });
    form.write(Object.fromEntries(options.values));
  });
  const form = settings(
    (changed) => options.values.map(([name, value]) => realField(name, value, changed)),
    (values) => {
      const given = options.values.map(([name]) => [name, values[name]]);
      state.nodes = workOut(given, steps);
      update();
    },
  );
  const buttons = make("div", { class: "row buttons" }, forward, backward, all, reset);
  card.append(form.node, stage, buttons, lines);
  form.changed();
  atWidth(stage, (width) => {
    state.width = width;
    draw();
  });
}

define("cnn-gradient-stepper", drawGradientStepper, { workedOut });
