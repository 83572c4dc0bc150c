"""Ask the registry of DOIs about a DOI: publishers' own pages turn away whoever is no browser.

The registry answers at /api/handles/, with 404 for a DOI that it does not know (DOI Handbook,
"DOI REST API Request and Response Formats").
"""

DOI, REGISTRY = "https://doi.org/10.", "https://doi.org/api/handles/10."


def ask_the_registry(app, address: str) -> str | None:
    return address.replace(DOI, REGISTRY, 1) if address.startswith(DOI) else None


def setup(app):
    app.connect("linkcheck-process-uri", ask_the_registry)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
