// What does the network of a Keras model's configuration add up to? cnnlib.keras_bridge and
// cnnlib.network, once more: tests compare the two. What is known of kinds and their settings, the
// library writes (see cnnlib.interactive.kinds).

// A value of JSON as Python writes it.
function repr(value) {
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (value === null || value === undefined) return "None";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "object") {
    return `{${Object.entries(value).map(([key, each]) => `${quoted(key)}: ${repr(each)}`)}}`;
  }
  return Number.isInteger(value) ? String(value) : floatText(value);
}

const tuple = (value) => {
  if (!Array.isArray(value)) return repr(value);
  return `(${value.map(tuple).join(", ")}${value.length === 1 ? "," : ""})`;
};

function pythonType(value) {
  if (Array.isArray(value)) return "list";
  if (value === null || value === undefined) return "NoneType";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return { string: "str", boolean: "bool", object: "dict" }[typeof value];
}

// Operations of keras.ops that are layers too, value by value.
const OPERATIONS = ["Add", "Subtract", "Multiply", "Maximum", "Minimum"];

// The rows of the model, { name, layers, fixed }, where fixed counts what never learns. `given`
// is the shape of one image where the model leaves a size open.
function countNetwork(config, known, given = null) {
  try {
    return counted(readCalls(config), known, given);
  } catch (problem) {
    if (problem instanceof Problem) throw problem;
    throw damaged(problem.name);
  }
}

function counted({ name: model, calls, outputs }, known, given) {
  const starts = calls.filter(({ kind }) => kind === "InputLayer");
  if (starts.length !== 1) {
    const told = starts.map(({ layer }) => layer).join(", ");
    const part = say`read a part of it that has one, as keras.Model(one_input, its_output)`;
    const clash = say`${model} has ${starts.length} inputs (${told}), and a Network has one`;
    throw new Problem(say`${clash}: ${part}`);
  }
  const feeding = new Set(calls.flatMap(({ inputs }) => inputs));
  const both = outputs.find((place) => feeding.has(place));
  if (both !== undefined) {
    const clash = say`${calls[both].layer} is an output and feeds other layers too`;
    const cure = say`read keras.Model(model.inputs, the outputs that feed nothing)`;
    throw new Problem(say`${model}: ${clash}, which a Network cannot say: ${cure}`);
  }
  const layers = calls.map(
    (call) => call !== starts[0] && named(call, () => ourLayer(call, known)),
  );
  const [branches, rows, first] = [[], [], new Map()];
  let fixed = 0;
  calls.forEach((call, place) => {
    if (!layers[place]) {
      branches.push({ name: "input", shape: shapeOf(model, call.settings, given) });
      return;
    }
    const times = calls.slice(0, place + 1).filter(({ layer }) => layer === call.layer).length;
    const name = times > 1 ? `${call.layer} (${times})` : call.layer;
    const feeds = call.inputs.map((each) => branches[each]);
    const row = named(call, () => rowOf(layers[place], name, feeds, first.get(call.layer)));
    if (times === 1) first.set(call.layer, row);
    branches.push(row);
    rows.push(row);
    fixed += row.fixed;
  });
  return { name: model, layers: rows, fixed };
}

// Puts the layer's name before whatever is said against it.
function named({ layer }, action) {
  try {
    return action();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    throw new Problem(say`${layer}: ${problem.message}`);
  }
}

// The shape of one image; where the model leaves a size open, `given`.
function shapeOf(model, { batch_shape, batch_input_shape }, given) {
  const sizes = (batch_shape ?? batch_input_shape)?.slice(1);
  if (!sizes || sizes.includes(null)) {
    const told = sizes ? ` ${tuple(sizes)}` : "";
    const example = (sizes ?? [null, null, 3]).map((size) => size ?? 224).join("×");
    if (!given) {
      const cure = say`write its numbers into "input shape", as ${example}`;
      const open = new Problem(say`${model}: its input${told} has an open size: ${cure}`, "shape");
      throw Object.assign(open, { example });
    }
    const fits = (size, i) => size === null || size === given[i];
    if (sizes && (sizes.length !== given.length || !sizes.every(fits))) {
      const clash = say`${model} reads ${tuple(sizes)}, not ${given.join("×")}`;
      throw new Problem(say`${clash}: write numbers for None only, as ${example}`, "shape");
    }
  }
  const shape = sizes?.includes(null) === false ? sizes : given;
  if (shape.length === 1 || shape.length === 3) {
    return shape.map((size) => count(size, say`each size of input_shape`));
  }
  const grey = say`a grey image has one channel: (rows, columns, 1)`;
  throw new Problem(say`its input ${tuple(shape)} is neither an image nor a vector; ${grey}`);
}

// The layer of a call: { kind, settings }, its kind a class of cnnlib.
function ourLayer(call, known) {
  const [name, config] = toldBy(call);
  const kinds = Object.entries(known.kinds);
  const found = kinds.find(([each, { names = [each] }]) => names.includes(name));
  if (!found) throw new Problem(say`a ${name} cannot be read`);
  const [kind, { own = {}, alone = {}, silent = [] }] = found;
  const quiet = new RegExp(known.silent, "u");
  const defaults = { trainable: true, ...own };
  const settings = { ...defaults };
  for (const [setting, value] of Object.entries(config)) {
    const [values, words] = alone[setting] ?? known.alone[setting] ?? [[], ""];
    if (setting === "name" || silent.includes(setting) || quiet.test(setting)) continue;
    if (Object.hasOwn(defaults, setting)) settings[setting] = value;
    else if (own || words) {
      const plain = setting === "dtype" ? (value?.config?.name ?? value) : value;
      if (values.some((each) => JSON.stringify(each) === JSON.stringify(plain))) continue;
      const only = say`only ${words} can, so build the model with it`;
      const none = say`${kind} has no such setting, so leave it out`;
      throw new Problem(say`${setting}=${repr(plain)} cannot be read; ${words ? only : none}`);
    }
  }
  checkSettings(settings, defaults, known);
  return { kind, settings };
}

function checkSettings(settings, defaults, { functions, needed }) {
  for (const [setting, value] of Object.entries(settings)) {
    if (value === needed) throw new Problem(say`${setting} is missing: save the model anew`);
    if (typeof defaults[setting] === "boolean" && typeof value !== "boolean") {
      throw new Problem(say`${setting} must be True or False, not ${repr(value)}`);
    }
  }
  const { activation } = settings;
  if (pythonType(activation) === "dict") {
    const { class_name, config } = activation;
    const told = typeof config === "string" ? config : class_name;
    const cure = say`is none of Keras's own functions and cannot be read: use one by its name`;
    throw new Problem(say`its activation ${told} ${cure}`);
  }
  if (![undefined, null, "linear"].includes(activation)) oneOf(activation, "activation", functions);
}

// The kind and the settings of a call; what it is called with besides becomes a setting.
function toldBy({ kind, settings, inputs, given, module }) {
  const rest = given.filter(([name, value]) => name !== "training" || value !== false);
  if (kind === "Lambda") {
    const cure = say`which is never run here: put a layer of Keras's in its place, such as Rescaling`;
    throw new Problem(say`a Lambda holds program code, ${cure}`);
  }
  if (!module.startsWith("keras.")) {
    const origin = module === "" || module === "None" ? say`unknown origin` : module;
    throw new Problem(say`a ${kind} of ${origin} cannot be read, for it may compute anything`);
  }
  if (module.includes(".ops.") && ![...OPERATIONS, "Concatenate"].includes(kind)) {
    throw new Problem(say`keras.ops' ${kind} cannot be read: write it as a layer of keras.layers`);
  }
  const number = rest.length === 1 && inputs.length === 1 && typeof rest[0][1] === "number";
  if (number && OPERATIONS.slice(0, 3).includes(kind))
    return ["Rescaling", { scale: 1, offset: 0 }];
  if (rest.length) {
    const [name, value] = rest[0];
    const cure = say`which cannot be read: leave it away`;
    throw new Problem(say`it is called with ${name}=${repr(value)}, ${cure}`);
  }
  return [kind, settings];
}

// One layer in its place, as readNetwork() gives those of the library, with its shape.
function rowOf({ kind, settings }, name, feeds, first) {
  const merges = MERGES.includes(kind);
  if (!feeds.length) throw damaged(say`nothing feeds it`);
  if (!merges && feeds.length > 1) {
    const names = feeds.map((each) => each.name).join(", ");
    const cure = say`join them before it, by Add() or Concatenate()`;
    throw new Problem(say`${kind} reads one row, not ${feeds.length} (${names}): ${cure}`);
  }
  const { shape } = feeds[0];
  const passed = { output: shape, numbers: {}, steps: [] };
  const rule = merges
    ? mergeRule(kind, settings, feeds)
    : (RULES.get(kind)?.(settings, shape, kind) ?? {});
  const { output, numbers: own, steps, ...formulas } = { ...passed, ...rule };
  const numbers = { ...numbersOf(shape), ...own };
  const cost = (quantity, called) => {
    const formula = formulas[quantity] ?? "0";
    const last = exact(stepOf(called, formula, numbers));
    const before = steps.filter((step) => formula.includes(step.name));
    return { value: last.value, lines: [...before, last].map(({ line }) => line) };
  };
  const held = cost("parameters", say`parameters`);
  const parameters = first ? { value: 0, lines: [say`parameters = 0`] } : held;
  const weights = JSON.stringify([settings, held.lines]);
  if (first && first.weights !== weights) {
    const cure = say`give the layer here a name of its own`;
    throw new Problem(say`its settings and weights are not those of ${first.name}: ${cure}`);
  }
  const learned = settings.trainable
    ? exact(stepOf("", formulas.fixed ?? "0", numbers)).value
    : Infinity;
  return {
    name,
    kind,
    output: output.map((size) => number(size)).join(" × "),
    shape: output,
    weights,
    fixed: Math.min(learned, parameters.value),
    parameters,
    connections: cost("connections", say`connections`),
    macs: cost("macs", say`macs`),
    activation_bytes: outputBytes(output),
    parameter_bytes: bytesOf(parameters.value),
  };
}

function outputBytes(shape) {
  const letters = shape.length === 3 ? ["H′", "W′", "C′"] : ["n"];
  const numbers = Object.fromEntries(letters.map((letter, i) => [letter, shape[i]]));
  const { value, line } = exact(stepOf(say`bytes`, `${letters.join("·")}·4`, numbers));
  return { value, lines: [line] };
}

// Beyond 2⁵³ a page would round.
function exact(step) {
  if (Number.isSafeInteger(step.value)) return step;
  throw new Problem(say`its numbers are larger than a page can count`);
}
