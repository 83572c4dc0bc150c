// What does a layer of each kind give and cost? cnnlib.layers, once more: tests compare the two.
// A rule takes (settings, shape of the input, kind) and gives { output, numbers, parameters,
// connections, macs, fixed }: formulas in those numbers, none meaning 0; what is fixed never learns.

// What Keras refuses too, where it knows the shape of the image.
function misfit(name, value, shape) {
  const input = say`its input of ${shape.join("×")}`;
  return new Problem(say`${name}=${tuple(value)} does not fit ${input}: change one of the two`);
}

function dense({ units: told, use_bias }, input) {
  const units = count(told, "units");
  const [places, n] = [input.slice(0, -1), input.at(-1)];
  const parameters = use_bias ? say`(n + 1)·units` : say`n·units`;
  const each = places.length ? "H·W·" : "";
  return {
    output: [...places, units],
    numbers: { n, [say`units`]: units },
    parameters,
    connections: each + parameters,
    macs: each + say`n·units`,
  };
}

// Layers that work along one axis, which must be the last.
function alongLast({ axis }, input) {
  const one = Array.isArray(axis) && axis.length === 1 ? axis[0] : axis;
  const [at, rank] = [count(one, "axis", -3), input.length];
  if (at === -1 || at === rank) return {};
  const others = input.map((_, i) => i + 1).filter((i) => i !== at);
  const dims = [...others, at].join(", ");
  const moved = at > 0 && at < rank ? say`, and put Permute((${dims})) before it` : "";
  throw new Problem(say`axis=${at} cannot be read, for it is not the last: use -1${moved}`);
}

// One MAC and two links for each value.
const scaled = (input) => ({ connections: `2·${valuesOf(input)}`, macs: valuesOf(input) });

function batchNormalization(settings, input) {
  const held = 2 + settings.scale + settings.center;
  return { ...alongLast(settings, input), ...scaled(input), parameters: `${held}·C`, fixed: "2·C" };
}

function layerNormalization(settings, input) {
  const held = settings.scale + settings.center;
  return { ...alongLast(settings, input), ...scaled(input), parameters: held ? `${held}·C` : "0" };
}

// One number for all channels, or one for each; arrays of NumPy's are mappings in a file.
function perChannel(settings, input, ...names) {
  for (const name of names) {
    const value = settings[name]?.config?.value ?? settings[name];
    const fits = !Array.isArray(value) || value.length === input.at(-1);
    if (!fits) throw misfit(name, value, input);
  }
}

function rescaling(settings, input) {
  perChannel(settings, input, "scale", "offset");
  return scaled(input);
}

function normalization(settings, input) {
  const { mean, variance } = settings;
  if ((mean === null) !== (variance === null)) {
    throw new Problem(say`mean and variance belong together: give both, or none`);
  }
  perChannel(settings, input, "mean", "variance");
  const parameters = mean === null ? "2·C + 1" : "0";
  return { ...alongLast(settings, input), ...scaled(input), parameters, fixed: parameters };
}

function layerScale({ projection_dim }, input) {
  if (projection_dim !== input.at(-1)) throw misfit("projection_dim", projection_dim, input);
  return { parameters: "C", connections: valuesOf(input), macs: valuesOf(input) };
}

function prelu({ shared_axes: told }, input) {
  const several = told === null || Array.isArray(told) ? (told ?? []) : [told];
  const shared = several.map((each) => count(each, say`each of shared_axes`));
  if (Math.max(0, ...shared) > input.length) throw misfit("shared_axes", shared, input);
  const values = valuesOf(input);
  const own = values.split("·").filter((_, i) => !shared.includes(i + 1));
  return { parameters: own.join("·") || "1", connections: values, macs: values };
}

function zeroPadding({ padding }, input, kind) {
  needImage(input, kind);
  const zeros = sides(padding, "padding").map(sum);
  return { output: [input[0] + zeros[0], input[1] + zeros[1], input[2]] };
}

function cropping({ cropping: told }, input, kind) {
  needImage(input, kind);
  const left = sides(told, "cropping").map((cut, i) => input[i] - sum(cut));
  if (Math.min(...left) < 1) throw misfit("cropping", told, input);
  return { output: [...left, input[2]] };
}

const sizeOf = ({ height, width }) => [count(height, "height"), count(width, "width")];

function centerCrop(settings, input, kind) {
  needImage(input, kind);
  const size = sizeOf(settings);
  if (size.some((side, i) => side > input[i])) throw misfit("(height, width)", size, input);
  return { output: [...size, input[2]] };
}

// An image in another size; where it is mixed, each pixel that a unit reads is a link and a MAC.
function drawnAnew(interpolation, input, output) {
  oneOf(interpolation, "interpolation", ["nearest", "bilinear"]);
  const drawn = { output: [...output, input[2]] };
  if (interpolation === "nearest") return drawn;
  const [t_h, t_w] = [0, 1].map((i) => pixelsRead(input[i], output[i]));
  return { ...drawn, numbers: { t_h, t_w }, connections: "t_h·t_w·C", macs: "t_h·t_w·C" };
}

// How many pixels all units read: those beside each unit's place, or the one that it lies on.
function pixelsRead(size, units) {
  atMost(units, say`rows or columns`, MOST_STEPS);
  let read = 0;
  for (let unit = 0; unit < units; unit++) {
    const place = ((2 * unit + 1) * size - units) / (2 * units);
    read += Math.min(Math.ceil(place), size - 1) - Math.max(Math.floor(place), 0) + 1;
  }
  return read;
}

function upSampling({ size, interpolation }, input, kind) {
  needImage(input, kind);
  const times = countPair(size, "size");
  return drawnAnew(interpolation, input, [input[0] * times[0], input[1] * times[1]]);
}

function resizing(settings, input, kind) {
  needImage(input, kind);
  return drawnAnew(settings.interpolation, input, sizeOf(settings));
}

const product = (numbers) => numbers.reduce((all, each) => all * each, 1);

const flatten = (_, input) => ({ output: [product(input)] });

function reshape({ target_shape: target }, input) {
  const open = Array.isArray(target) ? target.filter((size) => size === -1).length : 2;
  if (open > 1 || ![1, 3].includes(target.length)) throw misfit("target_shape", target, input);
  const given = target.filter((size) => size !== -1);
  const held = product(given.map((size) => count(size, say`each of target_shape`)));
  const values = product(input);
  const left = open ? Math.floor(values / held) : 1;
  if (held * left !== values) throw misfit("target_shape", target, input);
  return { output: target.map((size) => (size === -1 ? left : size)) };
}

function permute({ dims }, input) {
  const known = Array.isArray(dims) ? dims.toSorted().join() : "";
  if (known !== input.map((_, i) => i + 1).join()) throw misfit("dims", dims, input);
  return { output: dims.map((dim) => input[dim - 1]) };
}

// Chance changes nothing in use; some values may share theirs.
function chance({ noise_shape }, input) {
  const noise = noise_shape ?? [null, ...input.map(() => null)];
  const fits = (size, i) => size === null || size === 1 || size === input[i];
  if (noise.length === input.length + 1 && noise.slice(1).every(fits)) return {};
  throw misfit("noise_shape", noise, input);
}

const spatialDropout = (_, input) => chance({ noise_shape: [null, 1, 1, null] }, input);

function augmentation(_, input, kind) {
  needImage(input, kind);
  return {};
}

// By the classes of cnnlib; a kind without a rule passes on what comes in, and costs nothing.
const RULES = new Map(
  Object.entries({
    Conv2D: conv,
    DepthwiseConv2D: depthwise,
    SeparableConv2D: separable,
    Conv2DTranspose: transposed,
    MaxPooling2D: pool,
    AveragePooling2D: pool,
    GlobalMaxPooling2D: globalPool,
    GlobalAveragePooling2D: globalPool,
    Dense: dense,
    BatchNormalization: batchNormalization,
    LayerNormalization: layerNormalization,
    Rescaling: rescaling,
    Normalization: normalization,
    LayerScale: layerScale,
    PReLU: prelu,
    Softmax: alongLast,
    ZeroPadding2D: zeroPadding,
    Cropping2D: cropping,
    CenterCrop: centerCrop,
    UpSampling2D: upSampling,
    Resizing: resizing,
    Flatten: flatten,
    Reshape: reshape,
    Permute: permute,
    Dropout: chance,
    SpatialDropout2D: spatialDropout,
    AlphaDropout: chance,
    Augmentation: augmentation,
  }),
);
