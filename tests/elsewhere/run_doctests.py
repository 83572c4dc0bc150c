"""Run the doctests of the cnnlib that is installed; print which ran, failed, or lack a module."""

import doctest
import importlib
import json
import pkgutil

import cnnlib

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
ran, failed, lacking = [], {}, {}
submodules = [found.name for found in pkgutil.walk_packages(cnnlib.__path__, "cnnlib.")]
for name in ("cnnlib", *submodules):
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        if not test.examples:
            continue
        try:
            doctest.DebugRunner(optionflags=FLAGS).run(test)
            ran.append(test.name)
        except doctest.DocTestFailure as failure:
            failed[test.name] = f"{failure.example.source}{failure.got}"
        except doctest.UnexpectedException as failure:
            fault = failure.exc_info[1]
            if isinstance(fault, ModuleNotFoundError):
                lacking[test.name] = fault.name
            else:
                failed[test.name] = repr(fault)
print(json.dumps([ran, failed, lacking]))
