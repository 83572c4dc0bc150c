// Figure 5: where do a network's parameters, its work and its memory lie? The reader's own too.

// Each count is one cost of a layer, or the sum of several: [cost, its name, the bar's class]. It
// counts in units of its own, or what it is called.
const COUNTS = {
  parameters: { text: say`parameters`, costs: [["parameters", "", "weights"]] },
  macs: { text: say`MACs`, costs: [["macs", "", "work"]] },
  connections: { text: say`connections`, costs: [["connections", "", "work"]] },
  memory: {
    text: say`memory`,
    unit: say`bytes`,
    costs: [
      ["parameter_bytes", say`weights`, "weights"],
      ["activation_bytes", say`outputs`, "outputs"],
    ],
  },
};

// A network as Python lists it: each layer its name, kind and output, then for each quantity
// [number, ...the places of its derivation among all lines].
function readNetwork({ name, layers }, { quantities, lines }) {
  const read = ([layer, kind, output, ...listed]) => {
    const cost = ([value, ...places]) => ({ value, lines: places.map((place) => lines[place]) });
    const known = Object.fromEntries(listed.map((each, i) => [quantities[i], cost(each)]));
    return {
      name: layer,
      kind,
      output,
      ...known,
      parameter_bytes: bytesOf(known.parameters.value),
    };
  };
  return { name, layers: layers.map(read) };
}

// Each parameter is a float32.
function bytesOf(parameters) {
  const value = 4 * parameters;
  const held = { [say`parameters`]: parameters };
  return { value, lines: [equation(say`bytes`, say`parameters·4`, held, value)] };
}

const amount = (layer, { costs }) => sum(costs.map(([cost]) => layer[cost].value));

const totalOf = (network, count) => sum(network.layers.map((layer) => amount(layer, count)));

// "12.3 %", and never 0 or 100 where it is not.
function shareText(part, total) {
  if (!part || part === total) return part ? "100 %" : "0 %";
  const share = (100 * part) / total;
  if (share < 0.1) return say`below 0.1 %`;
  return `${Math.min(share, 99.9).toFixed(1)} %`;
}

// A layer's derivation, as cnnlib wrote it: one line for each equation.
function derivationLines(layer, { costs }) {
  const lines = costs.flatMap(([cost, name]) =>
    layer[cost].lines.map((line) => (name ? say`${name}: ${line}` : line)),
  );
  const terms = costs.map(([cost]) => whole(layer[cost].value));
  return terms.length < 2
    ? lines
    : [...lines, `${terms.join(" + ")} = ${whole(amount(layer, { costs }))}`];
}

// A name that may break behind its underscores.
const breakable = (name) => name.split(/(?<=_)/).flatMap((part) => [part, make("wbr")]);

// "ours: 8 layers, 61,706 parameters, 24 of which never learn."
function summary({ name, layers, fixed }) {
  const parameters = whole(sum(layers.map((layer) => layer.parameters.value)));
  const still = fixed ? say`, ${whole(fixed)} of which never learn` : "";
  return say`${name}: ${whole(layers.length)} layers, ${parameters} parameters${still}.`;
}

function drawLedger(card, options) {
  const networks = options.networks.map((network) => readNetwork(network, options));
  const bars = make("div", { class: "bars", role: "group" });
  const key = make(
    "p",
    { class: "hint" },
    make("span", { class: "key", style: "--tone:var(--kernel-fill)" }, say`weights`, " "),
    make("span", { class: "key", style: "--tone:var(--output-fill)" }, say`outputs of one image`),
  );
  const derivation = make("p", { class: "derivation", "aria-live": "polite" });
  const state = { name: null };
  let choice;

  const form = settings(
    (changed) => [
      (choice = choiceField({
        name: "network",
        label: say`network`,
        value: "0",
        changed,
        options: networks.map(({ name }, i) => [String(i), name]),
      })),
      radioField({
        name: "count",
        label: say`count`,
        value: "parameters",
        changed,
        options: Object.entries(COUNTS).map(([name, { text }]) => [name, text]),
      }),
    ],
    apply,
  );

  const own = ownNetwork(card, options.kinds, (network) => {
    choice.input.append(make("option", { value: networks.length }, network.name));
    networks.push(network);
    form.write({ network: String(networks.length - 1) });
    return summary(network);
  });

  function apply({ network: at, count: name }) {
    const [network, count] = [networks[at], COUNTS[name]];
    const total = totalOf(network, count);
    const largest = Math.max(...network.layers.map((layer) => amount(layer, count)));
    const lines = network.layers.map((layer) => line(layer, count, total, largest));
    const unit = make("span", { class: "unit-name" }, count.unit ?? count.text);
    const sums = [
      make("span", {}, say`total`),
      unit,
      make("span", { class: "amount" }, whole(total)),
    ];
    bars.replaceChildren(
      ...lines.map(({ node }) => node),
      make("div", { class: "total" }, ...sums),
    );
    bars.setAttribute(
      "aria-label",
      say`${network.name}: ${count.text} by layer, ${whole(total)} in all`,
    );
    key.hidden = name !== "memory";
    walk(lines);
    const costly = lines.find(({ value }) => value === largest);
    const chosen = lines.find(({ layer }) => layer.name === state.name) ?? costly;
    chosen.choose();
    bars.scrollTop = chosen.node.offsetTop - bars.clientHeight / 2;
  }

  function line(layer, count, total, largest) {
    const value = amount(layer, count);
    const parts = count.costs.map(([cost, , look]) =>
      make("span", { class: look, style: `--share:${(100 * layer[cost].value) / (largest || 1)}` }),
    );
    const share = shareText(value, total);
    const choose = () => tell(node, layer, count, share);
    const node = button("", choose, { onpointerenter: choose, onfocus: choose });
    const heard = make(
      "span",
      { class: "hidden-text" },
      say` ${count.unit ?? count.text}, ${share}`,
    );
    node.append(
      make("span", {}, ...breakable(layer.name)),
      make("span", { class: "bar" }, ...parts),
      make("span", { class: "amount" }, whole(value), heard),
    );
    return { node, layer, value, choose };
  }

  function tell(node, layer, count, share) {
    state.name = layer.name;
    for (const other of bars.children) other.removeAttribute("aria-current");
    node.setAttribute("aria-current", "true");
    stopAt(node);
    const title = say`${layer.name}, ${layer.kind}, output ${layer.output}: ${share} of the ${count.text}`;
    derivation.textContent = [title, ...derivationLines(layer, count)].join("\n");
  }

  // The bars are one stop of the tab key; arrow keys go from one to the next.
  function stopAt(node) {
    for (const each of bars.querySelectorAll("button")) each.tabIndex = each === node ? 0 : -1;
  }

  function walk(lines) {
    lines.forEach(({ node }, at) =>
      node.addEventListener("keydown", (event) => {
        const goal = { Home: 0, End: lines.length - 1 }[event.key] ?? at + arrow(event)[0];
        if (goal === at || !lines[goal]) return;
        event.preventDefault();
        lines[goal].node.focus();
      }),
    );
  }

  card.append(form.node, own, bars, key, derivation);
  form.changed();
}

define("cnn-parameter-ledger", drawLedger, {
  COUNTS,
  readNetwork,
  amount,
  totalOf,
  derivationLines,
  countNetwork,
});
