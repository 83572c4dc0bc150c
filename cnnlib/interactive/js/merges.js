// Where branches meet: what comes out? cnnlib.layers.merging, once more:
// tests compare the two. A branch is { name, shape }.

const MERGES = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"];

const distinct = (values) => new Set(values).size;

// The rule of a kind in MERGES: as one of RULES, but for branches.
function mergeRule(kind, { axis }, branches) {
  const fits = kind === "Concatenate" ? besideFits(axis) : broadcastFits;
  checkBranches(kind, branches, fits);
  const shapes = branches.map(({ shape }) => shape);
  if (kind === "Concatenate") return { output: besideShape(axis, shapes) };
  const longest = Math.max(...shapes.map((shape) => shape.length));
  const lifted = shapes.map((shape) => [...Array(longest - shape.length).fill(1), ...shape]);
  const output = lifted[0].map((_, i) => Math.max(...lifted.map((shape) => shape[i])));
  const [values, numbers] = [valuesOf(output), { ...numbersOf(output), B: branches.length }];
  const macs = kind === "Multiply" ? `(B − 1)·${values}` : "0";
  return { output, numbers, connections: `B·${values}`, macs };
}

// Whether these sizes can be joined, at a place of so many, of which the last is -1.
const broadcastFits = (_, sizes) => distinct(sizes) === 1 || sizes.includes(1);

const besideFits = (axis) => (place, sizes, dimensions) =>
  place === placeOf(axis, dimensions) || distinct(sizes) === 1;

// Which of so many sizes grows: -1 is the channels.
function placeOf(axis, dimensions) {
  if (!Number.isInteger(axis) || !axis || Math.abs(axis) > 3) {
    const wanted = say`axis must be -1 for channels, -2 for columns or -3 for rows, or 1, 2 or 3`;
    throw new Problem(say`${wanted} from the front, where 0 is the batch, not ${repr(axis)}`);
  }
  const place = axis < 0 ? axis : axis - dimensions - 1;
  if (-dimensions <= place && place < 0) return place;
  const axes = say`its branches have ${dimensions} axes behind the batch, so none is ${axis}`;
  throw new Problem(say`${axes}: use axis=-1, the last`);
}

function besideShape(axis, shapes) {
  const output = [...shapes[0]];
  const at = output.length + placeOf(axis, output.length);
  output[at] = sum(shapes.map((shape) => shape[at]));
  return output;
}

function checkBranches(kind, branches, fits) {
  const names = branches.map(({ name }) => name);
  if (names.length < 2)
    throw new Problem(say`${kind} joins branches, and only ${names[0]} leads here`);
  if (kind === "Subtract" && names.length > 2) {
    const more = names.slice(2).join(", ");
    throw new Problem(say`Subtract takes one branch from another: drop ${more}`);
  }
  const clash = (left, right) =>
    (kind === "Concatenate" && left.shape.length !== right.shape.length) ||
    left.shape.toReversed().some((size, i) => {
      const other = right.shape.at(-1 - i);
      return other !== undefined && !fits(-1 - i, [size, other], left.shape.length);
    });
  branches.forEach((left, i) => {
    for (const right of branches.slice(i + 1).filter((each) => clash(left, each))) {
      const [a, b] = [left, right].map(({ name, shape }) => say`${name} gives ${shape.join("×")}`);
      const cure = say`build it with sizes that agree, or give it another input shape`;
      throw new Problem(say`${a} and ${b}, which ${kind} cannot join: ${cure}`);
    }
  });
}
