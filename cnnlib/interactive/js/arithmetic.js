// What cnnlib.shapes and cnnlib.operations compute, and say, once more: tests compare the two.

class Problem extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

// Text that a reader typed, as Python would take it: { value, kind, repr }.
function reading(text) {
  const typed = text.trim();
  if (/^[+-]?\d+$/.test(typed)) {
    return { value: Number(typed), kind: "int", repr: String(BigInt(typed.replace("+", ""))) };
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed)) {
    return { value: Number(typed), kind: "float", repr: floatText(Number(typed)) };
  }
  return { value: typed, kind: "str", repr: quoted(typed) };
}

function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + text.replaceAll("\\", "\\\\").replaceAll(quote, "\\" + quote) + quote;
}

function floatText(value) {
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const size = Math.abs(value);
  if (value && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(value)
    ? Object.is(value, -0)
      ? "-0.0"
      : value.toFixed(1)
    : String(value);
}

function integer(text, name, minimum = 1) {
  const { value, kind, repr } = reading(text);
  if (kind === "int" && value >= minimum) return value;
  throw new Problem(
    say`${name} must be a whole number of at least ${minimum}, not ${repr} (${kind})`,
    name,
  );
}

function atMost(value, name, maximum) {
  if (value <= maximum) return value;
  throw new Problem(say`${name} must be at most ${maximum} in this figure, not ${value}`, name);
}

// A number as figures write it: three digits or all the whole ones, and a true minus.
function number(value, decimals = 3) {
  const size = Math.abs(value);
  const before = size >= 1 ? String(Math.trunc(size)).length : 0;
  const digits = Math.min(decimals, Math.max(0, 3 - before));
  const look = { maximumFractionDigits: digits, roundingMode: "halfEven" };
  let text = value.toLocaleString("en-US", look);
  if (text === "0" || text === "-0") text = value ? exponent(value) : "0";
  return text.replaceAll("-", "−");
}

function exponent(value) {
  return value.toExponential(0).replace(/e([+-])(\d)$/, "e$10$2");
}

const whole = (value) => value.toLocaleString("en-US").replace("-", "−");

// A line of arithmetic: name = formula = formula with the numbers put in = value.
function equation(name, formula, numbers, value) {
  const filled = formula.replace(/\p{L}+(_\w+)?′?/gu, (symbol) =>
    symbol in numbers ? whole(numbers[symbol]) : symbol,
  );
  const sides = [name, formula, filled, whole(value)];
  return sides.filter((side, i) => side !== sides[i - 1]).join(" = ");
}

// One axis of a layer with windows; padding is a name or a whole number. See cnnlib.shapes.Axis.
function axisOf(size, kernel, stride = 1, padding = "valid", dilation = 1, ceilMode = false) {
  const extent = (kernel - 1) * dilation + 1;
  const span = dilation > 1 ? say`window` : "k";
  const numbers = { n: size, k: kernel, s: stride, d: dilation, [say`window`]: extent };
  const lines = [];
  const add = (name, formula, value) => lines.push(equation(name, formula, numbers, value));
  if (dilation > 1) add(say`window`, "(k − 1)·d + 1", extent);
  let total = 2 * padding;
  if (padding === "valid") total = 0;
  if (padding === "full") {
    total = 2 * (extent - 1);
    add("p", `${span} − 1`, extent - 1);
  }
  if (padding === "same") {
    total = Math.max((Math.ceil(size / stride) - 1) * stride + extent - size, 0);
    add(say`zeros`, `max((⌈n / s⌉ − 1)·s + ${span} − n, 0)`, total);
  }
  const before = Math.floor(total / 2);
  const zeros = [before, total - before];
  const [p1, p2] = zeros;
  Object.assign(numbers, { p: p1, p_1: p1, p_2: p2, [say`zeros`]: total });
  const even = p1 === p2 ? "2·p" : "p_1 + p_2";
  const pads = padding === "same" ? say`zeros` : even;
  const [left, right, round] = ceilMode ? ["⌈", "⌉", Math.ceil] : ["⌊", "⌋", Math.floor];
  let count = round((size + total - extent) / stride) + 1;
  const formula = `${left}(n + ${pads} − ${span}) / s${right} + 1`;
  const dropped = ceilMode && (count - 1) * stride >= size + before;
  const equations = (name) => {
    const windows = count + dropped;
    const main = equation(dropped ? say`windows` : name, formula, numbers, windows);
    return [
      ...lines,
      main,
      ...(dropped ? [equation(name, say`windows − 1`, { [say`windows`]: windows }, count)] : []),
    ];
  };
  if (dropped) count -= 1;
  const padded = size + total;
  return { size, kernel, stride, dilation, extent, zeros, padded, count, equations };
}

// Which cells of the input the window reads; those of the padding are left out.
function reads(axis, window) {
  const start = window * axis.stride - axis.zeros[0];
  const taps = Array.from({ length: axis.kernel }, (_, tap) => start + tap * axis.dilation);
  return taps.filter((cell) => cell >= 0 && cell < axis.size);
}

function checkFit(...axes) {
  const short = axes.find((axis) => axis.count < 1);
  if (!short) return;
  const by = (length) => axes.map(length).join("×");
  const [window, size, padded] = [by((a) => a.extent), by((a) => a.size), by((a) => a.padded)];
  const many = say`a ${window} window does not fit its ${size} input`;
  const one = say`a window of ${window} does not fit an input of ${size}`;
  const clash =
    (axes.length > 1 ? many : one) + (padded === size ? "" : say`, padded to ${padded}`);
  const step = short.equations("").at(-1).split(" = ").slice(-2).join(" = ");
  const cure = say`use padding='same', a smaller window, or drop the layer`;
  throw new Problem(say`${clash}: ${step}; ${cure}`, "kernel_size");
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
