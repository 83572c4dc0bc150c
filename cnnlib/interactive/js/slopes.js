// How does a slope flow back through a graph of single numbers? As cnnlib.scalars says it.

const LARGEST = 1e6;

const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));
const added = (texts) => texts.join(" + ");
const written = (values) => added([number(values[0]), ...values.slice(1).map(factor)]);
const ORDINALS = say`first second third fourth fifth sixth seventh eighth ninth`.split(" ");
const sharesOf = (arrived) => arrived.map(({ share }) => share);
const isFirstLargest = (values, i) => values.indexOf(Math.max(...values)) === i;

// What it gives, its slope with respect to operand i and how that comes about, and how it looks:
// with names, and with numbers in their place.
const OPERATIONS = {
  add: {
    forward: sum,
    slope: () => 1,
    why: () => "1",
    text: added,
    filled: written,
  },
  subtract: {
    forward: ([a, b]) => a - b,
    slope: (values, i) => [1, -1][i],
    why: (names, values, i) => ["1", "−1"][i],
    text: ([a, b]) => `${a} − ${b}`,
    filled: ([a, b]) => `${number(a)} − ${factor(b)}`,
  },
  multiply: {
    forward: ([a, b]) => a * b,
    slope: (values, i) => values[1 - i],
    why: (names, values, i) => `${names[1 - i]} = ${number(values[1 - i])}`,
    text: ([a, b]) => `${a}·${b}`,
    filled: ([a, b]) => `${number(a)}·${factor(b)}`,
  },
  relu: {
    forward: ([a]) => Math.max(a, 0),
    slope: ([a]) => Number(a > 0),
    why: ([name], [a]) =>
      a > 0
        ? say`1, for ${name} = ${number(a)} is above 0`
        : say`0, for ${name} = ${number(a)} is not above 0`,
    text: ([a]) => `relu(${a})`,
    filled: ([a]) => `relu(${number(a)})`,
  },
  square: {
    forward: ([a]) => a * a,
    slope: ([a]) => 2 * a,
    why: ([name], [a]) => `2·${name} = 2·${factor(a)} = ${number(2 * a)}`,
    text: ([a]) => `${a}²`,
    filled: ([a]) => `${factor(a)}²`,
  },
  max: {
    forward: (values) => Math.max(...values),
    slope: (values, i) => Number(isFirstLargest(values, i)),
    why: (names, values, i) => {
      const is = isFirstLargest(values, i) ? say`1, for it is` : say`0, for it is not`;
      const ties = values.filter((value) => value === Math.max(...values)).length > 1;
      return ties ? say`${is} the first of the largest` : say`${is} the largest`;
    },
    text: (names) => `max(${names.join(", ")})`,
    filled: (values) => `max(${values.map((value) => number(value)).join(", ")})`,
  },
};

// Each number by its name, { value, gradient, arrived }, and those of steps with their { kind,
// operands, taken, slopes } too. Values are [name, number] pairs; a gradient is the sum of what
// arrived, in the order in which it came.
function workOut(values, steps) {
  const nodes = new Map(values.map(([name, value]) => [name, { name, value, arrived: [] }]));
  for (const [name, operation, ...operands] of steps) {
    const kind = OPERATIONS[operation];
    const taken = operands.map((operand) => nodes.get(operand).value);
    const slopes = taken.map((value, i) => kind.slope(taken, i));
    const value = kind.forward(taken);
    nodes.set(name, { name, value, arrived: [], kind, operands, taken, slopes });
  }
  const order = [...nodes.values()].reverse();
  order[0].arrived = [{ from: null, share: 1 }];
  for (const node of order) {
    node.gradient = sum(sharesOf(node.arrived));
    node.operands?.forEach((operand, i) =>
      nodes.get(operand).arrived.push({ from: node.name, share: node.slopes[i] * node.gradient }),
    );
  }
  for (const { name, value, gradient } of nodes.values()) {
    if (Math.abs(value) <= LARGEST && Math.abs(gradient) <= LARGEST) continue;
    throw new Problem(
      say`${name} or its gradient comes to more than ${number(LARGEST)}, ` +
        say`which no graph can show: make the values smaller`,
    );
  }
  return nodes;
}

function formulaOf({ kind, operands }) {
  return kind ? kind.text(operands) : "";
}

// "p = x·w1 = 2·3 = 6"
function forwardLine(node) {
  const sides = [node.name, formulaOf(node), node.kind.filled(node.taken), number(node.value)];
  return sides.join(" = ");
}

// The way back through one step: what arrives at it, and a line for each operand.
function backLines(nodes, node, result) {
  const { name, kind, operands, taken, slopes, gradient } = node;
  const lines = operands.map((operand, i) => {
    const { arrived } = nodes.get(operand);
    const first = arrived.findIndex(({ from }) => from === name);
    const nth = operands.slice(0, i).filter((other) => other === operand).length;
    const all = sharesOf(arrived.slice(0, first + nth + 1));
    const which = operands.filter((other) => other === operand).length > 1;
    const what = which ? say`the ${ORDINALS[nth]} ${operand}` : operand;
    const slope = say`slope of ${name} with respect to ${what} is ${kind.why(operands, taken, i)}`;
    const product = `${number(slopes[i])}·${factor(gradient)} = ${number(all.at(-1))}`;
    const total = say`, where the sum is now ${written(all)} = ${number(sum(all))}`;
    return say`${slope}; ${product} goes to ${operand}${all.length > 1 ? total : ""}`;
  });
  const slope = say`the slope of ${result} with respect to ${name} is ${number(gradient)}`;
  return [say`${name} = ${formulaOf(node)}; ${slope}`, ...lines];
}
