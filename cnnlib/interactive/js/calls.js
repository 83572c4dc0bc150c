// Which layers does a Keras model call, and what feeds each? cnnlib.keras_config, once more: tests
// compare the two. Nothing in a configuration is ever run.

const damaged = (why) =>
  new Problem(say`the configuration is damaged: ${why}; save the model anew`);

// What a mapping has under a key, which must be there.
function held(mapping, key) {
  if (pythonType(mapping) !== "dict") throw damaged(say`no ${key} in ${repr(mapping)}`);
  if (!Object.hasOwn(mapping, key)) throw damaged(say`${key} is missing`);
  return mapping[key];
}

const has = (mapping, key) => pythonType(mapping) === "dict" && Object.hasOwn(mapping, key);

// As Python's str().
const textOf = (value) => (typeof value === "string" ? value : repr(value));

// Whether Python takes it for true.
const filled = (value) =>
  Boolean(value) && (typeof value !== "object" || Object.keys(value).length > 0);

const nameOf = (layer) => {
  const own = has(layer, "name") && layer.name;
  return textOf(filled(own) ? own : held(layer.config, "name"));
};

// The calls of a model, nested models opened, each after those that feed it: { name, calls,
// outputs }. A call is { layer, kind, settings, inputs, given, module }; inputs are places of calls.
function readCalls(config) {
  const inner = has(config, "layers") ? config : (config.config ?? config);
  if (!Array.isArray(inner?.layers)) {
    const kind = config.class_name || config.name || say`a mapping`;
    const how = say`read keras.Model(x, model.call(x)), where x = keras.Input(shape)`;
    throw new Problem(
      say`${kind} lists no layers, so it cannot be read: of a model subclassed from keras.Model ${how}`,
    );
  }
  const [calls, names] = [[], new Map()];

  // The layer's name, with a number where a layer of another model inside has it already.
  function unique(path) {
    const key = JSON.stringify(path);
    const taken = new Set(names.values());
    let name = path.at(-1);
    for (let times = 1; !names.has(key) && taken.has(name); times++)
      name = `${path.at(-1)}_${times}`;
    if (!names.has(key)) names.set(key, name);
    return names.get(key);
  }

  function open(model, path, fed) {
    return has(model, "input_layers") ? functional(model, path, fed) : sequential(model, path, fed);
  }

  function sequential(model, path, fed) {
    const layers = [...model.layers];
    let first = layers[0];
    if (first && held(first, "class_name") === "InputLayer") layers.shift();
    else {
      const known = first ? [first.config.batch_shape, first.config.batch_input_shape] : [];
      const shape = [model.build_input_shape, ...known].find(filled);
      first = { class_name: "InputLayer", config: { name: "input", batch_shape: shape } };
    }
    let now = fed ?? call(first, path, []);
    for (const layer of layers) now = call(layer, path, now);
    return now;
  }

  function functional(model, path, fed) {
    const layers = new Map(model.layers.map((layer) => [nameOf(layer), layer]));
    const done = new Map();
    const outputOf = ([name, number, output]) => {
      const place = done.get(`${number} ${name}`)?.at(output);
      if (place === undefined) throw damaged(say`${name} has no output ${output}`);
      return place;
    };
    if (fed) {
      const entries = listed(model.input_layers);
      if (entries.length !== fed.length) throw damaged(say`${path.at(-1)} is fed otherwise`);
      entries.forEach(([name, number], i) => done.set(`${number} ${name}`, [fed[i]]));
    }
    const outputs = listed(held(model, "output_layers")).map((each) => fromZero(layers, each));
    for (const [name, number] of ordered(layers, outputs)) {
      if (done.has(`${number} ${name}`)) continue;
      const { sources, given } = fedBy(layers, name, number);
      done.set(`${number} ${name}`, call(layers.get(name), path, sources.map(outputOf), given));
    }
    return outputs.map(outputOf);
  }

  function call(layer, path, inputs, given = []) {
    const here = [...path, nameOf(layer)];
    const [kind, settings] = [textOf(held(layer, "class_name")), held(layer, "config")];
    if (["Sequential", "Functional", "Model"].includes(kind) && has(settings, "layers")) {
      return open(settings, here, inputs);
    }
    // Keras 2 does not always say where a kind comes from.
    const module = has(layer, "module") ? textOf(layer.module ?? "") : "keras.layers";
    const made = { layer: unique(here), kind, settings, inputs, given, module };
    if (kind === "CustomScaleLayer" && module.endsWith(".applications.inception_resnet_v2")) {
      const twin = { name: `${made.layer}_scaled`, scale: held(settings, "scale") };
      const scaled = call({ class_name: "Rescaling", config: twin }, path, inputs.slice(1));
      Object.assign(made, { kind: "Add", settings: {}, inputs: [inputs[0], ...scaled] });
    }
    calls.push(made);
    return [calls.length - 1];
  }

  const outputs = open(inner, [], null);
  return { name: has(inner, "name") ? textOf(inner.name) : "model", calls, outputs };
}

// Every tensor in a structure of [layer, call, output].
function listed(sources) {
  const list = pythonType(sources) === "dict" ? Object.values(sources) : sources;
  if (!Array.isArray(list)) throw damaged(say`${repr(list)} is no layer's output`);
  const one = typeof list[0] === "string" && typeof list[1] === "number" && list.length > 2;
  return one ? [list.slice(0, 3)] : list.flatMap(listed);
}

// The same tensor; Keras counts the calls of a functional model inside from 1, in places.
function fromZero(layers, [name, call, output]) {
  const inside = has(layers.get(name)?.config, "input_layers");
  return [name, inside && call ? call - 1 : call, output];
}

// Where the tensors of one call come from, in order, and what else it is called with.
function fedBy(layers, name, number) {
  const layer = layers.get(name);
  const nodes = layer.inbound_nodes ?? [];
  if (number === 0 && !nodes.length && layer.class_name === "InputLayer") {
    return { sources: [], given: [] };
  }
  const node = nodes[number];
  if (!node) throw new Problem(say`${name}: its call ${number} is missing; save the model anew`);
  let [sources, given] = [null, {}];
  if (Array.isArray(node)) {
    sources = listed(node).map((each) => fromZero(layers, each));
    given = node.at(-1)[3] ?? {};
  } else {
    given = { ...held(node, "args"), ...held(node, "kwargs") };
    sources = tensorsIn(Object.values(given));
  }
  const rest = Object.entries(given).filter(
    ([, value]) => value !== null && !tensorsIn(value).length,
  );
  return { sources, given: rest };
}

function tensorsIn(value) {
  if (value === null || typeof value !== "object") return [];
  if (value.class_name === "__keras_tensor__") return [held(value.config, "keras_history")];
  return Object.values(value).flatMap(tensorsIn);
}

// Each call of each layer after the calls that feed it; otherwise in the order of the file.
function ordered(layers, outputs) {
  const wanted = [...layers].flatMap(([name, layer]) => {
    const times = layer.inbound_nodes?.length || Number(held(layer, "class_name") === "InputLayer");
    return Array.from({ length: times }, (_, number) => [name, number]);
  });
  const [begun, given, order] = [new Set(), new Set(), []];
  const todo = [...wanted, ...outputs].reverse();
  while (todo.length) {
    const [name, number] = todo.at(-1);
    const key = `${number} ${name}`;
    if (given.has(key)) {
      todo.pop();
      continue;
    }
    if (!layers.has(name)) {
      throw new Problem(say`the layer ${repr(name)} is missing, which feeds others: save it anew`);
    }
    const missing = fedBy(layers, name, number).sources.filter(
      ([source, call]) => !given.has(`${call} ${source}`),
    );
    if (!missing.length) {
      given.add(key);
      order.push([name, number]);
    } else if (begun.has(key)) {
      throw new Problem(say`${name} is fed by its own output, in a circle: save the model anew`);
    }
    begun.add(key);
    todo.push(...missing.reverse());
  }
  return order;
}
