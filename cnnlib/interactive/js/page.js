// How does a figure get onto the page: in the page's colours, once the reader comes near it?

// make("button", { class: "x", onclick: f }, "text"); a tag that begins with "svg:" is SVG's.
function make(tag, attributes = {}, ...children) {
  const [name, space] = tag.startsWith("svg:")
    ? [tag.slice(4), "http://www.w3.org/2000/svg"]
    : [tag, "http://www.w3.org/1999/xhtml"];
  const node = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The book's theme decides, else JupyterLab's, else the reader's system.
function isDark() {
  const { theme } = document.documentElement.dataset;
  if (theme === "light" || theme === "dark") return theme === "dark";
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

// Calls draw(width) now that the node has a width, in pixels, and whenever that changes.
function atWidth(node, draw) {
  let last = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (!width || width === last) return;
    last = width;
    draw(width);
  }).observe(node);
}

const shown = new Set();
const recolour = () => {
  for (const figure of shown) figure.toggleAttribute("data-dark", isDark());
};

function watchTheme() {
  const attributes = { attributeFilter: ["data-theme", "data-jp-theme-light"] };
  const watcher = new MutationObserver(recolour);
  watcher.observe(document.documentElement, attributes);
  watcher.observe(document.body, attributes);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
}

// A custom element that keeps what is inside it until it comes near the screen, and then lets
// draw(card, options) build the figure; draw may return a function that stops what it started.
function define(tag, draw, arithmetic) {
  if (customElements.get(tag)) return;
  watchTheme();
  customElements.define(
    tag,
    class extends HTMLElement {
      // For tests, which compare it with the library's.
      static arithmetic = arithmetic;

      connectedCallback() {
        if (this.shadowRoot) shown.add(this);
        else {
          this.near = new IntersectionObserver(
            (entries) => entries.some((entry) => entry.isIntersecting) && this.show(),
            { rootMargin: "300px" },
          );
          this.near.observe(this);
        }
      }

      disconnectedCallback() {
        this.near.disconnect();
        shown.delete(this);
        this.stop?.();
      }

      show() {
        this.near.disconnect();
        const options = JSON.parse(this.dataset.options);
        const card = make("div", { class: "card", role: "group", "aria-label": options.title });
        const style = make("style");
        style.textContent = STYLE;
        shown.add(this);
        recolour();
        this.attachShadow({ mode: "open" }).append(style, card);
        this.stop = draw(card, options);
      }
    },
  );
}
