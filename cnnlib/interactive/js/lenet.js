// What does a small network compute, and which products made one of its units?
// A layer is {name, kernel, filters, activation} or, for a pool, {name, pool}; a dense layer is a
// convolution of a 1×1 image. Maps are laid out as Keras lays them: rows, columns, channels.

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// The numbers of a base64 string of float16, little-endian.
function decodeHalves(text) {
  const bytes = bytesOf(text);
  const halves = new DataView(bytes.buffer);
  const numbers = new Float32Array(bytes.length / 2);
  for (let i = 0; i < numbers.length; i++) numbers[i] = fromHalf(halves.getUint16(2 * i, true));
  return numbers;
}

// The number that 16 bits stand for: a sign, 5 bits of exponent, 10 of fraction.
function fromHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// The layers with their shapes and their share of the weights: kernels, then biases, in order.
function buildNetwork(layers, weights, size) {
  let [side, channels, used] = [size, 1, 0];
  const take = (count) => weights.subarray(used, (used += count));
  return layers.map((layer) => {
    const built = { ...layer, side, channels };
    if (layer.pool) {
      side = Math.floor(side / layer.pool);
    } else {
      built.kernels = take(layer.kernel ** 2 * channels * layer.filters);
      built.bias = take(layer.filters);
      side = side - layer.kernel + 1;
      channels = layer.filters;
    }
    built.output = new Float32Array(side * side * channels);
    return Object.assign(built, { outSide: side, outChannels: channels });
  });
}

// Run the network over an image; each layer keeps its map in `output`. Returns the logits.
function runNetwork(network, image) {
  return network.reduce((map, layer) => (layer.pool ? runPool : runConvolution)(layer, map), image);
}

function runConvolution(layer, map) {
  const { side, channels, kernel, filters, kernels, bias, activation, output, outSide } = layer;
  for (let i = 0, at = 0; i < outSide; i++) {
    for (let j = 0; j < outSide; j++, at += filters) {
      output.set(bias, at);
      for (let a = 0, tap = 0; a < kernel; a++) {
        const from = ((i + a) * side + j) * channels;
        for (let b = from; b < from + kernel * channels; b++, tap += filters) {
          const value = map[b];
          // Most of a digit is dark.
          if (value === 0) continue;
          for (let f = 0; f < filters; f++) output[at + f] += value * kernels[tap + f];
        }
      }
    }
  }
  if (activation === "relu") {
    for (let at = 0; at < output.length; at++) if (output[at] < 0) output[at] = 0;
  }
  return output;
}

function runPool({ side, channels, pool: size, output, outSide }, map) {
  output.fill(-Infinity);
  for (let row = 0; row < outSide * size; row++) {
    for (let column = 0; column < outSide * size; column++) {
      const to = (Math.floor(row / size) * outSide + Math.floor(column / size)) * channels;
      const from = (row * side + column) * channels;
      for (let c = 0; c < channels; c++) {
        if (map[from + c] > output[to + c]) output[to + c] = map[from + c];
      }
    }
  }
  return output;
}

// Probabilities from logits.
function softmax(logits) {
  const highest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

// The digit whose probability is largest.
const surest = (chances) => chances.indexOf(Math.max(...chances));

// What made unit (i, j) of map f: for each map before it, the patch, the kernel, their sum.
function explainUnit(network, position, image, [i, j, f]) {
  const layer = network[position];
  const map = position ? network[position - 1].output : image;
  const { side, channels, filters, outSide, outChannels } = layer;
  const [size, step] = layer.pool ? [layer.pool, layer.pool] : [layer.kernel, 1];
  const cells = Array.from({ length: size * size }, (_, tap) => [
    Math.floor(tap / size),
    tap % size,
  ]);
  const maps = layer.pool ? [f] : Array.from({ length: channels }, (_, c) => c);
  const parts = maps.map((c) => {
    const patch = cells.map(([a, b]) => map[((i * step + a) * side + j * step + b) * channels + c]);
    if (layer.pool) return { map: c, patch };
    const kernel = cells.map((_, tap) => layer.kernels[(tap * channels + c) * filters + f]);
    return { map: c, patch, kernel, sum: sum(kernel.map((weight, tap) => weight * patch[tap])) };
  });
  const value = layer.output[(i * outSide + j) * outChannels + f];
  return { parts, size, bias: layer.pool ? 0 : layer.bias[f], value };
}
