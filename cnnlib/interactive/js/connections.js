// Which weight connects which pixel to which unit, and how many are there? See cnnlib.layers.

// The number of the weight from a pixel to a unit, from 1 on; 0 where there is no connection.
// Units are rows, pixels columns, both as one reads: a layer as one matrix.
function weightMatrix(kind, axis) {
  const { size, count, kernel, stride } = axis;
  return table(count * count, size * size, (unit, pixel) => {
    if (kind === "dense") return unit * size * size + pixel + 1;
    const down = Math.floor(pixel / size) - Math.floor(unit / count) * stride;
    const across = (pixel % size) - (unit % count) * stride;
    if (down < 0 || across < 0 || down >= kernel || across >= kernel) return 0;
    const tap = down * kernel + across + 1;
    return kind === "shared" ? tap : unit * kernel * kernel + tap;
  });
}

// Connections and parameters with their biases, as the library derives them.
function countsOf(kind, axis) {
  const k = axis.kernel;
  const numbers = { k_h: k, k_w: k, C: 1, F: 1, "H′": axis.count, "W′": axis.count };
  const one = "(k_h·k_w·C + 1)·F";
  const units = axis.count ** 2;
  const local = (k * k + 1) * units;
  if (kind === "dense") {
    const n = axis.size ** 2;
    const line = (name) =>
      equation(name, say`(n + 1)·units`, { n, [say`units`]: units }, (n + 1) * units);
    return [line(say`connections`), line(say`parameters`)];
  }
  const every = (name) => equation(name, `${one}·H′·W′`, numbers, local);
  const shared = equation(say`parameters`, one, numbers, k * k + 1);
  return [every(say`connections`), kind === "shared" ? shared : every(say`parameters`)];
}

// Seven colours told apart by everyone, as in the static figures; more of them by their hue only.
function weightColour(weight, weights) {
  if (weights <= 7) return `var(--weight-${weight})`;
  return `oklch(var(--lightness) 0.14 ${Math.round((360 * weight) / weights)})`;
}

// For tests: all that the figure shows of a layer.
function layer(kind, ...sizes) {
  const axis = axisOf(...sizes);
  return { matrix: weightMatrix(kind, axis), counts: countsOf(kind, axis) };
}
