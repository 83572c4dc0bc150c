// How does a Keras model's configuration come out of a file? It is read here, in the page: a .keras
// file is a zip archive with config.json inside.

// As in cnnlib.keras_config: bytes of a configuration, and brackets within brackets.
const LARGEST_CONFIG = 64_000_000;
const DEEPEST = 500;
// Bytes that end a zip archive: its table of contents lies before them, and a comment after.
const ZIP_END = 22;
const LONGEST_COMMENT = 0xffff;

const bytesIn = async (blob) => new Uint8Array(await blob.arrayBuffer());

// The configuration that a .keras or .json file holds; whatever is wrong with it is a Problem.
async function readModelFile(file) {
  try {
    if (/\.(h5|hdf5)$/.test(file.name)) {
      throw new Problem(say`is HDF5, which a page cannot read: save the model as model.keras`);
    }
    const json = file.name.endsWith(".json");
    return parseConfig(await (json ? limitedBytes(file.stream()) : configBytes(file)));
  } catch (problem) {
    if (problem instanceof Problem)
      throw new Problem(say`${file.name}: ${problem.message}`, "file");
    throw new Problem(
      say`${file.name}: cannot be read (${problem.name}): save the model anew`,
      "file",
    );
  }
}

function parseConfig(bytes) {
  let [depth, deepest] = [0, 0];
  for (const byte of bytes) {
    // [ and { open, ] and } close: the two of a pair differ by two.
    if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  if (deepest > DEEPEST) {
    throw new Problem(
      say`cannot be read: its brackets lie more than ${DEEPEST} deep: it is no model`,
    );
  }
  let found;
  try {
    found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Problem(say`its configuration is damaged (${error.name}): save the model anew`);
  }
  if (pythonType(found) === "dict") return found;
  throw new Problem(say`holds a ${pythonType(found)}, not a model's configuration`);
}

// All bytes of a stream, but no more than a configuration has: a zip bomb is let go in time.
async function limitedBytes(stream) {
  const [chunks, reader] = [[], stream.getReader()];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    if (size <= LARGEST_CONFIG) continue;
    await reader.cancel();
    const most = whole(LARGEST_CONFIG);
    const why = say`its configuration has more than ${most} bytes: it is no model`;
    throw new Problem(say`cannot be read: ${why}`);
  }
  return bytesIn(new Blob(chunks));
}

// What config.json holds in a zip archive (APPNOTE.TXT of PKWARE, sections 4.3.7 to 4.3.16).
async function configBytes(file) {
  const none = say`no .keras file, for it is no zip archive: save the model anew, as model.keras`;
  const tail = await bytesIn(file.slice(-ZIP_END - LONGEST_COMMENT));
  let end = tail.length - ZIP_END;
  const last = new DataView(tail.buffer);
  while (end >= 0 && last.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Problem(none);
  const [size, start] = [last.getUint32(end + 12, true), last.getUint32(end + 16, true)];
  if (start === 0xffffffff) {
    throw new Problem(say`is a zip archive of more than 4 GB: write model.to_json() to model.json`);
  }
  const entry = configEntry(await bytesIn(file.slice(start, start + size)));
  if (!entry) throw new Problem(say`a zip archive without config.json is no Keras model`);
  const head = new DataView(await file.slice(entry.place, entry.place + 30).arrayBuffer());
  if (head.byteLength < 30 || head.getUint32(0, true) !== 0x04034b50) throw new Problem(none);
  const first = entry.place + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const packed = file.slice(first, first + entry.packed).stream();
  const methods = {
    0: () => packed,
    8: () => packed.pipeThrough(new DecompressionStream("deflate-raw")),
  };
  if (!methods[entry.method]) throw new Problem(say`cannot be read: zip method ${entry.method}`);
  const bytes = await limitedBytes(methods[entry.method]());
  if (checksum(bytes) === entry.checksum) return bytes;
  throw new Problem(say`its configuration is damaged (checksum): save the model anew`);
}

// Where the table of contents says that config.json lies.
function configEntry(bytes) {
  const contents = new DataView(bytes.buffer);
  for (let at = 0; at + 46 <= bytes.length && contents.getUint32(at, true) === 0x02014b50;) {
    const length = contents.getUint16(at + 28, true);
    if (new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length)) === "config.json") {
      return {
        method: contents.getUint16(at + 10, true),
        checksum: contents.getUint32(at + 16, true),
        packed: contents.getUint32(at + 20, true),
        place: contents.getUint32(at + 42, true),
      };
    }
    at += 46 + length + contents.getUint16(at + 30, true) + contents.getUint16(at + 32, true);
  }
  return null;
}

// CRC-32, as zip archives have it.
function checksum(bytes) {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    return rest;
  });
  let rest = -1;
  for (const byte of bytes) rest = (rest >>> 8) ^ table[(rest ^ byte) & 255];
  return ~rest >>> 0;
}
