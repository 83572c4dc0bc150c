"""Does `python -m cnnlib` print what is asked for, and one line when it cannot?"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cnnlib import Conv2D, Dense, Flatten, Network, architectures
from cnnlib.__main__ import NETWORKS, REASONS, main


def test_a_network_prints_its_table(capsys):
    assert main(["lenet5"]) == 0
    assert capsys.readouterr().out == f"{architectures.lenet5().table()}\n"


def test_every_architecture_can_be_asked_for(capsys):
    offered = {
        name for name in vars(architectures) if name.startswith(("lenet5", "alexnet", "vgg"))
    }
    assert set(NETWORKS) == offered
    for name in NETWORKS:
        assert main([name]) == 0
        assert capsys.readouterr().out.startswith(NETWORKS[name]().name + "\n")


def test_a_layer_prints_its_numbers(capsys):
    assert main(["lenet5", "C3"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "name: C3",
        "kind: Conv2D",
        "output_shape: (10, 10, 16)",
        "receptive_field: (14, 14)",
        "parameters: 2416",
        "connections: 241600",
        "macs: 240000",
    ]


def test_why_prints_the_derivations_of_a_layer(capsys):
    assert main(["lenet5", "C3", "--why"]) == 0
    row = architectures.lenet5()["C3"]
    assert capsys.readouterr().out == "".join(f"{row.derive(reason)}\n" for reason in REASONS)


def test_why_without_a_layer_prints_those_of_all(capsys):
    assert main(["--why", "alexnet"]) == 0
    out = capsys.readouterr().out
    for row in architectures.alexnet():
        assert str(row.derive("parameters")) in out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["lenet"], "cnnlib: no network 'lenet'; there are lenet5, lenet5_1998, alexnet"),
        ([""], "cnnlib: no network ''; there are lenet5"),
        (["lenet5", "C9"], "cnnlib: LeNet-5 has no layer 'C9'; it has C1, S2, C3, S4"),
        (["lenet5", "c3", "--why"], "cnnlib: LeNet-5 has no layer 'c3'; it has C1"),
        (["lenet5", ""], "cnnlib: LeNet-5 has no layer ''; it has C1"),
        (["lenet5", "0"], "cnnlib: LeNet-5 has no layer '0'; it has C1"),
        (["lenet5", "--columns", "macs,jmp"], "cnnlib: a ledger has no column 'jmp'; it has kind"),
        (["lenet5", "--columns", ""], "cnnlib: a ledger has no column ''; it has kind"),
    ],
)
def test_a_wrong_name_is_one_line_and_exit_code_2(capsys, arguments, line):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(line)
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["lenet5", "C3", "why"], ["lenet5", "--flops"]])
def test_a_wrong_usage_is_exit_code_2(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: cnnlib" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (["alexnt"], "alexnet"),
        (["LeNet5"], "lenet5"),
        (["lenet5", "c3"], "C3"),
        (["lenet5", "--columns", "parameter"], "parameters"),
    ],
)
def test_a_name_that_is_nearly_right_is_suggested(capsys, arguments, suggestion):
    assert main(arguments) == 2
    assert capsys.readouterr().err.endswith(f". Did you mean {suggestion}?\n")


def test_a_name_that_is_like_none_gets_no_suggestion(capsys):
    assert main(["lenet5", "zzz"]) == 2
    assert "Did you mean" not in capsys.readouterr().err


def test_options_stand_in_any_order(capsys):
    texts = set()
    for order in (["lenet5", "C3", "--why"], ["lenet5", "--why", "C3"], ["--why", "lenet5", "C3"]):
        assert main(order) == 0
        texts.add(capsys.readouterr().out)
    assert len(texts) == 1


def test_columns_are_chosen(capsys):
    assert main(["lenet5", "--columns", "jump, macs"]) == 0
    assert capsys.readouterr().out == f"{architectures.lenet5().table('jump', 'macs')}\n"
    assert main(["lenet5", "C3", "--columns", "macs"]) == 0
    assert capsys.readouterr().out == "name: C3\nmacs: 240000\n"


def test_json_holds_the_ledger(capsys):
    assert main(["lenet5", "--json", "--columns", "parameters,output_shape"]) == 0
    found, net = json.loads(capsys.readouterr().out), architectures.lenet5()
    assert (found["name"], found["input_shape"]) == ("LeNet-5", [32, 32, 1])
    assert found["totals"] == {"parameters": 61706}
    assert [line["layer"] for line in found["layers"]] == [row.name for row in net]
    assert [tuple(line["output_shape"]) for line in found["layers"]] == [
        row.output_shape for row in net
    ]


def test_json_holds_a_layer_and_its_steps(capsys):
    assert main(["lenet5", "C3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["receptive_field"] == [14, 14]
    assert main(["lenet5", "C3", "--json", "--why"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [why["value"] for why in found] == [[10, 10, 16], 2416, 241600, 240000, [14, 14]]
    assert found[1]["steps"] == ["parameters = (k_h·k_w·C + 1)·F = (5·5·6 + 1)·16 = 2,416"]


def test_markdown_holds_the_ledger_a_layer_and_its_steps(capsys):
    net = architectures.lenet5()
    assert main(["lenet5", "--markdown"]) == 0
    assert capsys.readouterr().out == f"{net.table().to_markdown()}\n"
    assert main(["lenet5", "C3", "--markdown"]) == 0
    assert "- **macs:** 240000\n" in capsys.readouterr().out
    assert main(["lenet5", "C3", "--markdown", "--why"]) == 0
    assert net["C3"].derive("macs")._repr_latex_() in capsys.readouterr().out


def run(*arguments, encoding="utf-8", **options):
    command = [sys.executable, "-m", "cnnlib", *arguments]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    variables = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(
        command, text=True, encoding=encoding, env=variables, timeout=60, **options
    )


@pytest.mark.parametrize("encoding", ["cp437", "ascii", "latin-1"])
def test_a_terminal_without_our_signs_gets_plain_ones(encoding):
    done = run("lenet5", "C1", "--why", encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    times = "*" if encoding == "ascii" else "·"
    assert f"floor((32 + 2{times}0 - 5) / 1) + 1 = 28" in done.stdout
    done = run("lenet5", encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("28×28×6" if encoding == "latin-1" else "28x28x6") in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows reports a closed pipe otherwise")
def test_a_reader_who_has_seen_enough_gets_no_traceback():
    read, write = os.pipe()
    os.close(read)
    done = run("alexnet", "--why", stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is full")
def test_a_full_disk_is_said_in_one_line():
    with open("/dev/full", "w") as full:
        done = run("lenet5", stdout=full)
    assert done.returncode == 1
    assert done.stderr == "cnnlib: the output could not be written: No space left on device\n"


def test_as_a_command():
    done = run("lenet5", "C3", "--why")
    assert (done.returncode, done.stderr) == (0, "")
    assert "parameters = (k_h·k_w·C + 1)·F = (5·5·6 + 1)·16 = 2,416" in done.stdout
    done = run("resnet")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


DENSE = {"class_name": "Dense", "config": {"name": "out", "units": 2}}


@pytest.fixture
def model(tmp_path):
    """A model's file, whose input is as `shape` says."""

    def write(shape):
        path = tmp_path / "model.json"
        config = {"name": "mine", "layers": [DENSE], "build_input_shape": shape}
        path.write_text(json.dumps({"class_name": "Sequential", "config": config}))
        return str(path)

    return write


def test_a_file_prints_the_ledger_of_the_model_in_it(capsys, model):
    path = model([None, 3])
    assert main([path]) == 0
    assert capsys.readouterr().out == f"{Network.from_keras(path).table()}\n"


def test_a_file_is_read_without_tensorflow(model):
    blocked = "import sys; sys.modules.update(dict.fromkeys(['tensorflow', 'keras']))"
    code = f"{blocked}\nfrom cnnlib.__main__ import main; sys.exit(main([{model([None, 3])!r}]))"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mine\n")


def test_an_open_size_is_asked_for_in_one_line_that_can_be_followed(capsys, model):
    path = model([None, None])
    assert main([path]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert main([path, *line.split()[-2:]]) == 0
    assert main([path, "--input-shape", "2,x"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "cnnlib: --input-shape is whole numbers, as in 224,224,3, not '2,x'"


def test_a_file_that_is_not_there_or_no_model_is_one_line_and_exit_code_2(capsys, tmp_path):
    (tmp_path / "empty.json").write_text("{}")
    for name, fault in {"none.keras": "no such file", "empty.json": "lists no layers"}.items():
        assert main([str(tmp_path / name)]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert fault in line


def of_keras(kind, name, *fed_by, **settings):
    """A layer as Keras 3 writes it, called once with what feeds it."""
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, 0]}}
        for source in fed_by
    ]
    nodes = [{"args": [tensors], "kwargs": {}}] if fed_by else []
    config = {"name": name, **settings}
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": nodes}


X = of_keras("InputLayer", "x", batch_shape=[None, 8])
D, OUT = of_keras("Dense", "d", "x", units=4), of_keras("Dense", "out", "d", units=2)


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        ([X, of_keras("Dense", "d", "out", units=4), OUT], "is fed by its own output, in a circle"),
        ([X, OUT], "the layer 'd' is missing, which feeds others"),
        ([X, D, of_keras("Add", "out", "x", "d")], "out: input gives 8 and d gives 4, which Add"),
        ([X, D, of_keras("Denze", "out", "d")], "out: a Denze cannot be read: if Dense is meant"),
        ([X, D, of_keras("Dense", "out", "d")], "out: its configuration lacks units"),
        ([X, D, of_keras("Lambda", "out", "d")], "out: a Lambda holds program code"),
        ([X, D, of_keras("Dense", "out", "d", units="2")], "out: units must be a whole number"),
        (
            [of_keras("InputLayer", "x", batch_shape=[None, None]), D, OUT],
            "net: its input (None,) has an open size",
        ),
        (
            [of_keras("InputLayer", "x", batch_shape=[None, 8, 8, 8, 1]), D, OUT],
            "net: x: input_shape must be (rows, columns, channels) or (length,)",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_model_that_cannot_be_read_is_one_line_that_names_the_layer(
    capsys, tmp_path, layers, line
):
    ends = {"input_layers": [["x", 0, 0]], "output_layers": [["out", 0, 0]]}
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"name": "net", "layers": layers, **ends}))
    assert main([str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert line in err
    assert err.count("\n") == 1


def test_the_commands_of_the_readme_read_a_models_file(tmp_path, monkeypatch, capsys):
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")
    commands = re.findall(r"-m cnnlib (model\.keras.*?) *#", readme)
    assert len(commands) == 2
    network = Network((8, 8, 1), [Conv2D(2, 3, name="conv1"), Flatten(), Dense(3)], name="mine")
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", network.to_keras().to_json())
    monkeypatch.chdir(tmp_path)
    assert [main(command.split()) for command in commands] == [0, 0]
    said = capsys.readouterr().out
    assert said.startswith(f"{network.table()}\n")
    assert f"{network['conv1'].derive('parameters')}\n" in said
