// A browser does not fetch files: without a server, search shows titles and no excerpts.
if (location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// A sentence of a script; in another language's book stands what it says in that language.
function say(parts, ...values) {
  return String.raw({ raw: parts }, ...values);
}

// The way to the other language leads to the heading that the reader sees there.
addEventListener("click", ({ target }) => {
  const link = target.closest?.("a[hreflang]");
  if (!link) return;
  const seen = [...document.querySelectorAll("article section[id]")].findLast(
    (section) => section.getBoundingClientRect().top < innerHeight / 3,
  );
  link.hash = seen && !seen.matches(":has(> h1)") ? seen.id : "";
});
