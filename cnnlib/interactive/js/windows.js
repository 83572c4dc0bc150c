// What do windows that slide over an image give and cost? cnnlib.layers, once more, as in kinds.js.

// Windows and cells by the million would keep the page from answering.
const MOST_STEPS = 1e6;

const valuesOf = (shape) => (shape.length === 3 ? "H·W·C" : "n");

const numbersOf = (shape) =>
  shape.length === 3 ? { H: shape[0], W: shape[1], C: shape[2] } : { n: shape[0], C: shape[0] };

function needImage(shape, kind) {
  if (shape.length === 3) return;
  const row = say`not ${whole(shape[0])} values in a row: move it before Flatten`;
  throw new Problem(say`${kind} reads an image (rows, columns, channels), ${row}`);
}

// A whole number of a configuration; for one that a reader typed, see integer().
function count(value, name, minimum = 1) {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  const wanted = say`${name} must be a whole number of at least ${minimum}`;
  throw new Problem(say`${wanted}, not ${repr(value)} (${pythonType(value)})`);
}

function countPair(value, name, minimum = 1) {
  if (!Array.isArray(value)) return [count(value, name, minimum), count(value, name, minimum)];
  if (value.length === 2) return value.map((each) => count(each, name, minimum));
  const wanted = say`${name} must be one whole number or two (rows, columns)`;
  throw new Problem(say`${wanted}, not ${repr(value)}`);
}

// One number for all sides, or ((top, bottom), (left, right)).
function sides(value, name) {
  if (Array.isArray(value) && value.length === 2 && value.every(Array.isArray)) {
    return value.map((each) => countPair(each, name, 0));
  }
  const one = count(value, name, 0);
  return [
    [one, one],
    [one, one],
  ];
}

function oneOf(value, name, names) {
  if (names.includes(value)) return value;
  throw new Problem(say`${name} must be one of ${names.join(", ")}, not ${repr(value)}`);
}

// How many taps of all windows of an axis land on padding. See cnnlib.shapes.Axis.
function tapsOutside({ size, kernel, stride, dilation, zeros, count: windows }) {
  const lines = [
    [kernel, dilation],
    [windows, stride],
  ].sort(([a], [b]) => a - b);
  const [[few, step], [many, apart]] = lines;
  atMost(few, say`windows or taps on one side`, MOST_STEPS);
  let inside = 0;
  for (let i = 0; i < few; i++) {
    const first = i * step - zeros[0];
    const start = first < 0 ? ((first % apart) + apart) % apart : first;
    const end = Math.min(first + many * apart, size);
    inside += Math.max(0, Math.ceil((end - start) / apart));
  }
  return windows * kernel - inside;
}

// What formulas say of windows: their numbers, the steps to the taps on pixels, whether some pad.
function windowsOf(axes, output, turned = false) {
  const numbers = { "H′": output[0], "W′": output[1], k_h: axes[0].kernel, k_w: axes[1].kernel };
  const outside = axes.map(tapsOutside);
  const steps = ["h", "w"].map((side, i) => {
    const windows = ["HW"[i] + (turned ? "" : "′")];
    const found = { [windows]: axes[i].count, [`k_${side}`]: axes[i].kernel };
    const line = `${windows}·k_${side} − o_${side}`;
    return stepOf(`t_${side}`, line, { ...found, [`o_${side}`]: outside[i] });
  });
  for (const { name, value } of steps) numbers[name] = value;
  return { numbers, steps, pads: sum(outside) > 0 };
}

const stepOf = (name, formula, numbers) => {
  const value = evaluate(formula, numbers);
  return { name, value, line: equation(name, formula, numbers, value) };
};

// A formula of +, −, ·, / and brackets, worked out.
function evaluate(formula, numbers) {
  const tokens = formula.match(/[()+−·/]|[^\s()+−·/]+/g);
  let at = 0;
  const atom = () => {
    const token = tokens[at++];
    if (token !== "(") return numbers[token] ?? Number(token);
    const inner = total();
    at += 1;
    return inner;
  };
  const product = () => {
    let value = atom();
    while (tokens[at] === "·" || tokens[at] === "/") {
      value = tokens[at++] === "·" ? value * atom() : value / atom();
    }
    return value;
  };
  function total() {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "−") {
      value = tokens[at++] === "+" ? value + product() : value - product();
    }
    return value;
  }
  return total();
}

// A window that slides over the image, under Keras's settings.
function slide(input, kind, { window, strides = 1, padding = "valid", dilation_rate = 1 }) {
  needImage(input, kind);
  oneOf(padding, "padding", ["valid", "same", "full"]);
  const [kernels, steps] = [countPair(window, "kernel_size"), countPair(strides, "strides")];
  const apart = countPair(dilation_rate, "dilation_rate");
  const axes = [0, 1].map((i) => axisOf(input[i], kernels[i], steps[i], padding, apart[i]));
  checkFit(...axes);
  const output = axes.map((axis) => axis.count);
  return { ...windowsOf(axes, output), output };
}

// The links of windows: what there is at one place, at every place; of padded ones, the taps on
// pixels in each of the planes.
const linksOf = ({ pads }, atOnePlace, planes, biases) =>
  pads ? `t_h·t_w·${planes}${biases && ` + H′·W′·${biases}`}` : `${atOnePlace}·H′·W′`;

const convolution = (settings, input, kind) =>
  slide(input, kind, { ...settings, window: settings.kernel_size });

const gcd = (a, b) => (b ? gcd(b, a % b) : a);

function divides(number, groups, words, cure) {
  if (number % groups)
    throw new Problem(say`${words} do not divide into ${groups} groups: ${cure}`);
}

function conv(settings, input, kind) {
  const [F, G] = [count(settings.filters, "filters"), count(settings.groups, "groups")];
  divides(F, G, say`${F} filters`, say`use a multiple of ${G} filters`);
  needImage(input, kind);
  const [C, most] = [input[2], gcd(input[2], F)];
  divides(C, G, say`${C} input channels`, say`use groups=${most}, or a divisor of it`);
  const seen = convolution(settings, input, kind);
  const depth = G === 1 ? "C" : "(C / G)";
  const kernels = `k_h·k_w·${depth}·F`;
  const parameters = settings.use_bias ? `(k_h·k_w·${depth} + 1)·F` : kernels;
  return {
    ...seen,
    output: [...seen.output, F],
    numbers: { ...seen.numbers, F, G },
    parameters,
    connections: linksOf(seen, parameters, `${depth}·F`, settings.use_bias ? "F" : ""),
    macs: `H′·W′·${kernels}`,
  };
}

function depthwise(settings, input, kind) {
  const seen = convolution(settings, input, kind);
  const m = count(settings.depth_multiplier, "depth_multiplier");
  const parameters = settings.use_bias ? "(k_h·k_w + 1)·C·m" : "k_h·k_w·C·m";
  return {
    ...seen,
    output: [...seen.output, input[2] * m],
    numbers: { ...seen.numbers, m },
    parameters,
    connections: linksOf(seen, parameters, "C·m", settings.use_bias ? "C·m" : ""),
    macs: "H′·W′·k_h·k_w·C·m",
  };
}

function separable(settings, input, kind) {
  const seen = convolution(settings, input, kind);
  const F = count(settings.filters, "filters");
  const m = count(settings.depth_multiplier, "depth_multiplier");
  const points = settings.use_bias ? "(C·m + 1)·F" : "C·m·F";
  return {
    ...seen,
    output: [...seen.output, F],
    numbers: { ...seen.numbers, F, m },
    parameters: `k_h·k_w·C·m + ${points}`,
    connections: `${linksOf(seen, "k_h·k_w·C·m", "C·m", "")} + ${points}·H′·W′`,
    macs: "H′·W′·(k_h·k_w·C·m + C·m·F)",
  };
}

function transposed({ filters, kernel_size, strides, padding, use_bias }, input, kind) {
  needImage(input, kind);
  oneOf(padding, "padding", ["valid", "same"]);
  const F = count(filters, "filters");
  const [kernels, steps] = [countPair(kernel_size, "kernel_size"), countPair(strides, "strides")];
  const axes = [0, 1].map((i) => {
    const rest = padding === "same" ? 0 : Math.max(kernels[i] - steps[i], 0);
    return axisOf(input[i] * steps[i] + rest, kernels[i], steps[i], padding);
  });
  const output = axes.map((axis) => axis.size);
  const seen = windowsOf(axes, output, true);
  const taps = seen.pads ? "t_h·t_w" : "H·W·k_h·k_w";
  return {
    ...seen,
    output: [...output, F],
    numbers: { ...seen.numbers, F },
    parameters: use_bias ? "(k_h·k_w·C + 1)·F" : "k_h·k_w·C·F",
    connections: `${taps}·C·F${use_bias ? " + H′·W′·F" : ""}`,
    macs: "H·W·k_h·k_w·C·F",
  };
}

function pool(settings, input, kind) {
  const { pool_size: window, strides, padding } = settings;
  const seen = slide(input, kind, { window, strides: strides ?? window, padding });
  const connections = `${seen.pads ? "t_h·t_w" : "k_h·k_w·H′·W′"}·C`;
  return { ...seen, output: [...seen.output, input[2]], connections };
}

function globalPool({ keepdims }, input, kind) {
  needImage(input, kind);
  const seen = slide(input, kind, { window: input.slice(0, 2) });
  const output = keepdims ? [1, 1, input[2]] : [input[2]];
  return { ...seen, output, connections: "k_h·k_w·H′·W′·C" };
}
