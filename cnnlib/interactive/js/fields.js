// What do units see of the input, layer by layer? As cnnlib's View and Row say it; tests compare.

const PIXEL = { size: 1, jump: 1, start: 0 };

// What units see of one axis, one layer further on, and how it is worked out. See cnnlib's View.
function fieldThrough(before, axis) {
  const reach = axis.dilation > 1 ? "(k − 1)·d" : "(k − 1)";
  const numbers = {
    r: before.size,
    j: before.jump,
    c: before.start,
    k: axis.kernel,
    d: axis.dilation,
    s: axis.stride,
    p: axis.zeros[0],
  };
  const span = axis.extent - 1;
  const size = before.size + span * before.jump;
  const jump = before.jump * axis.stride;
  const start = before.start + (span / 2 - axis.zeros[0]) * before.jump;
  const lines = [
    equation(say`size`, `r + ${reach}·j`, numbers, size),
    equation(say`jump`, "j·s", numbers, jump),
    equation(say`start`, `c + (${reach} / 2 − p)·j`, numbers, start),
  ];
  return { size, jump, start, lines };
}

// The lines for rows and columns; once where the two are the same. See cnnlib's Row.derive.
function fieldLines([down, across]) {
  if (down.lines.join() === across.lines.join()) return down.lines;
  return [
    ...down.lines.map((line) => say`row ${line}`),
    ...across.lines.map((line) => say`column ${line}`),
  ];
}

// The layers of a chain, { name, axes }, each with the fields of its units.
function withFields(layers) {
  let fields = [PIXEL, PIXEL];
  return layers.map(({ name, axes }) => {
    fields = axes.map((axis, way) => fieldThrough(fields[way], axis));
    return { name, axes, fields };
  });
}

// Square convolutions, one on the other; the error names the one that does not fit.
function stackOf(size, layers) {
  let input = size;
  const chain = layers.map(
    ({ name, kernel_size: kernel, strides, padding, dilation_rate: dilation }) => {
      const axis = axisOf(input, kernel, strides, padding, dilation);
      within(name, `kernel_size ${name}`, () => checkFit(axis, axis));
      input = axis.count;
      return { name, axes: [axis, axis] };
    },
  );
  return withFields(chain);
}

// Put the layer's name before whatever is said against it.
function within(name, field, action) {
  try {
    return action();
  } catch (problem) {
    if (problem instanceof Problem) throw new Problem(say`${name}: ${problem.message}`, field);
    throw problem;
  }
}

// What unit (i, j) of a layer reads, map by map from the input up: [rows, columns] of each.
function seenBy(stack, position, i, j) {
  const { name, axes } = stack[position];
  for (const [way, what, at] of [
    [0, say`row`, i],
    [1, say`column`, j],
  ]) {
    const { count } = axes[way];
    if (at >= count)
      throw new Problem(
        say`${name} has ${count} ${what}s: there is no ${what} ${at}, for they count from 0`,
        what,
      );
  }
  let cells = [[i], [j]];
  const seen = [cells];
  for (const row of stack.slice(0, position + 1).toReversed()) {
    cells = row.axes.map((axis, way) => {
      const read = new Set(cells[way].flatMap((window) => reads(axis, window)));
      return [...read].sort((a, b) => a - b);
    });
    seen.unshift(cells);
  }
  return seen;
}

// From the first cell to the one behind the last; where nothing is seen, from 0 to 0.
const patchOf = (cells) => cells.map((seen) => (seen.length ? [seen[0], seen.at(-1) + 1] : [0, 0]));
