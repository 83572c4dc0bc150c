"""A hub for one class on one Linux machine.

Each reader has a server of their own, on the course's `.venv`, and a copy of the lessons in
`cnn` in their home folder. What they change there stays theirs.
"""

import shlex
import sysconfig
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
PROXY = COURSE / "_build" / "hub" / "node_modules" / ".bin" / "configurable-http-proxy"
START = f"""
ulimit -d $((MEM_LIMIT / 1024))
mkdir -p cnn
cp -Rn {shlex.quote(f"{COURSE}/chapters")} {shlex.quote(f"{COURSE}/appendix")} cnn
exec {shlex.quote(f"{COURSE}/.venv/bin/python")} -m jupyterhub.singleuser "$@"
"""

c = get_config()  # noqa: F821 (JupyterHub gives it)

c.Authenticator.allow_all = True  # everybody with an account on this machine
c.JupyterHub.active_server_limit = 20  # your machine's memory, divided by a reader's
c.Spawner.mem_limit = "2G"  # for each process: `ulimit -d` holds it to that
c.Spawner.http_timeout = 180  # seconds: when all begin at once, the last one waits

c.ConfigurableHTTPProxy.command = [str(PROXY)]
c.Spawner.cmd = ["sh", "-c", START, "reader"]
c.Spawner.environment = {
    "PYTHONPATH": sysconfig.get_path("purelib"),  # .venv has no JupyterHub
    "TF_CPP_MIN_LOG_LEVEL": "1",  # no word from TensorFlow about how it was built
}
c.Spawner.default_url = "/lab/tree/cnn/chapters/01-convolution.ipynb"
c.Spawner.args = [  # no news, and no question to another host
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
]
