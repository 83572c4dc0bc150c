// Python in a worker of a page: what is posted here is loaded, then run; what it returns is posted.
importScripts("pyodide/pyodide.js");

onmessage = async ({ data: { packages, code } }) => {
  const lines = [];
  const write = (line) => lines.push(line);
  try {
    const python = await loadPyodide({ packages, stdout: write, stderr: write });
    postMessage({ value: await python.runPythonAsync(code), lines });
  } catch (error) {
    postMessage({ error: String(error), lines });
  }
};
