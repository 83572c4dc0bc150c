// What does a convolution compute, position by position? See cnnlib.operations.conv2d.

// What one window sees of one channel, zeros where it hangs over the edge.
function patchAt(channel, [down, across], row, column) {
  return table(down.kernel, across.kernel, (a, b) => {
    const i = row * down.stride - down.zeros[0] + a * down.dilation;
    const j = column * across.stride - across.zeros[0] + b * across.dilation;
    return channel[i]?.[j] ?? 0;
  });
}

// The image and the kernel are lists of channels; so are the patches and products of a step.
function stepAt(image, kernel, axes, row, column) {
  const patches = image.map((channel) => patchAt(channel, axes, row, column));
  const products = patches.map((patch, c) =>
    patch.map((line, a) => line.map((pixel, b) => pixel * kernel[c][a][b])),
  );
  const sums = products.map((product) => sum(product.flat()));
  return { patches, products, sums, total: sum(sums) };
}

function convolve(image, kernel, axes) {
  const value = (i, j) => stepAt(image, kernel, axes, i, j).total;
  return table(axes[0].count, axes[1].count, value);
}

// Values on another number of rows, columns and channels: repeated, each channel one further on.
function refit(channels, rows, columns, count) {
  return Array.from({ length: count }, (_, c) => {
    const [from, shift] = c < channels.length ? [channels[c], 0] : [channels[0], c];
    const at = (i, j) => from[(i + shift) % from.length][(j + shift) % from[0].length];
    return table(rows, columns, at);
  });
}

// "0·1 + 1·(−2) = −2"
function writtenOut(pixels, weights, total) {
  const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));
  const terms = pixels.flatMap((line, a) =>
    line.map((p, b) => `${factor(p)}·${factor(weights[a][b])}`),
  );
  return `${terms.join(" + ")} = ${number(total)}`;
}

// For tests: all that the figure computes for a layer, and one of its steps.
function computed(image, kernel, strides, padding, dilation, place) {
  const sizes = [
    [image[0].length, kernel[0].length],
    [image[0][0].length, kernel[0][0].length],
  ];
  const axes = sizes.map(([size, taps]) => axisOf(size, taps, strides, padding, dilation));
  checkFit(...axes);
  const [row, col] = place.map((at, i) => at % axes[i].count);
  return {
    output: convolve(image, kernel, axes),
    row,
    col,
    ...stepAt(image, kernel, axes, row, col),
  };
}
