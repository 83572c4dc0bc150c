"""Does `python -m cnnlib` print what is asked for, and one line when it cannot?"""

import subprocess
import sys

import pytest

from cnnlib import architectures
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


def run(*arguments):
    command = [sys.executable, "-m", "cnnlib", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60)


def test_as_a_command():
    done = run("lenet5", "C3", "--why")
    assert (done.returncode, done.stderr) == (0, "")
    assert "parameters = (k_h·k_w·C + 1)·F = (5·5·6 + 1)·16 = 2,416" in done.stdout
    done = run("resnet")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
