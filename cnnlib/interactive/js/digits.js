// How does ink become a digit as MNIST holds it?
// MNIST's digits fit a box of 20×20, their centre of mass at the middle of 28×28 (LeCun et al.
// 1998, section III.A). Ink is a square of numbers from 0 to 1.

// The smallest box that holds all ink: {top, left, height, width}, or null where there is none.
function inkBox(ink, side) {
  let [top, bottom, left, right] = [side, -1, side, -1];
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at++) {
      if (!ink[at]) continue;
      if (row < top) top = row;
      if (row > bottom) bottom = row;
      if (column < left) left = column;
      if (column > right) right = column;
    }
  }
  return bottom < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

// One axis resized: for each new cell, the old cells that it covers and how much of each.
function coverage(first, length, cells) {
  const step = length / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const [from, to] = [cell * step, (cell + 1) * step];
    const parts = [];
    for (let old = Math.floor(from); old < Math.min(Math.ceil(to - 1e-9), length); old++) {
      parts.push([first + old, (Math.min(to, old + 1) - Math.max(from, old)) / step]);
    }
    return parts;
  });
}

// The ink as a digit of 28×28 numbers from 0 to 1, or null where there is none.
function digitFromInk(ink, side) {
  const box = inkBox(ink, side);
  if (!box) return null;
  const scale = 20 / Math.max(box.height, box.width);
  const [height, width] = [box.height, box.width].map((n) => Math.max(1, Math.round(n * scale)));
  const rows = coverage(box.top, box.height, height);
  const columns = coverage(box.left, box.width, width);
  const mean = (row, column) => {
    let total = 0;
    for (const [r, share] of row)
      for (const [c, part] of column) total += ink[r * side + c] * share * part;
    return total;
  };
  return centred(rows.map((row) => columns.map((column) => mean(row, column))));
}

// A small picture in 28×28, its centre of mass at (14, 14), its brightest pixel at 1.
function centred(small) {
  let [mass, down, across, peak] = [0, 0, 0, 0];
  small.forEach((line, row) =>
    line.forEach((value, column) => {
      mass += value;
      down += value * row;
      across += value * column;
      peak = Math.max(peak, value);
    }),
  );
  const within = (offset, length) => Math.min(Math.max(offset, 0), 28 - length);
  const top = within(Math.round(14 - down / mass), small.length);
  const left = within(Math.round(14 - across / mass), small[0].length);
  const digit = new Float32Array(28 * 28);
  small.forEach((line, row) =>
    line.forEach((value, column) => {
      digit[(top + row) * 28 + left + column] = value / peak;
    }),
  );
  return digit;
}

// LeNet's input: the digit in a frame of two dark pixels.
function framed(digit) {
  const image = new Float32Array(32 * 32);
  for (let row = 0; row < 28; row++) {
    image.set(digit.subarray(row * 28, row * 28 + 28), (row + 2) * 32 + 2);
  }
  return image;
}
