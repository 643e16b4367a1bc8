"""Serves one version of a model, as Databricks' model servers do: by MLflow's own scoring code.

Called as: python model_server.py SPEC, where SPEC is a JSON file with
  model      the registered model's name
  version    its version
  files      the folder of the version's files on this machine; null to fetch them from the registry
  tracking   the address of the registry, as MLflow knows it
  image      the folder in which the version's files are kept from start to start
  layers     the folder where what this Python lacks is installed
  fault      "build", "memory" or "never" for what is to go wrong; null for nothing
  mark       what a line for the workspace begins with, and nobody can guess
  installed  folders of packages that are installed already; only where Python begins anew

What is printed is the build log until the line "built", and the server's log from then on. The other lines for the
workspace are "listening PORT", "unbuilt MESSAGE" and "unloaded MESSAGE". They share one stream, so that they keep their
place among the others.

The process makes itself the leader of a session, so that all it starts can be stopped with it, and it stops when its
standard input ends, so that nothing outlives the workspace.
"""

import json
import os
import re
import shutil
import signal
import sys
import threading
import traceback
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local_notebook import secrets
from local_notebook.errors import NotOffered
from local_notebook.libraries import Layers
from local_notebook.process import Redacting, be_stoppable, begin_anew

# Only for fetching the model: at run time, the model has the variables that the endpoint gives it and no other login.
LOGIN = "LOCAL_WORKSPACE_LOGIN"
HOST = "LOCAL_WORKSPACE_HOST"


class Unbuilt(Exception):
    """The model's files or packages can't be had."""


def tell(spec, word, text=""):
    """Tells the workspace, whatever line has not ended yet."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(1, f"{spec['mark']}{word} {' '.join(str(text).split())}\n".encode())


def build(spec, layers):
    """The folder of the model's files, with everything installed that it needs."""
    name, version = spec["model"], spec["version"]
    if spec.get("fault") == "build":
        print(f"ERROR: failed to build the image of {name} version {version}", flush=True)
        raise Unbuilt(f"the image of {name} version {version} can't be built")
    folder = os.path.join(spec["image"], "model")
    if not os.path.exists(os.path.join(folder, "MLmodel")):
        print(f"Fetching the files of {name} version {version}", flush=True)
        fetch(spec, folder)
    if "installed" in spec:
        return folder
    note_of_python(folder)
    wanted = requirements(folder)
    try:
        layers.prepare(wanted)
    except NotOffered as problem:
        print(f"ERROR: {problem}", flush=True)
        raise Unbuilt(str(problem)) from None
    if layers.homes:
        # What this process has imported already may be of another version.
        begin_again(spec, layers)
    print(f"The {len(wanted)} requirements of the model are met", flush=True)
    return folder


def fetch(spec, folder):
    # Two servers may fetch the same version at once.
    part = f"{folder}.part-{os.getpid()}"
    os.makedirs(spec["image"], exist_ok=True)
    try:
        if spec.get("files"):
            shutil.copytree(spec["files"], part)
            source = part
        else:
            with login(spec):
                import mlflow

                mlflow.set_tracking_uri(spec["tracking"])
                mlflow.set_registry_uri(spec["tracking"])
                os.makedirs(part)
                source = mlflow.artifacts.download_artifacts(
                    artifact_uri=f"models:/{spec['model']}/{spec['version']}", dst_path=part
                )
                # None leads back to the environment's.
                mlflow.set_tracking_uri(None)
                mlflow.set_registry_uri(None)
    except Exception as problem:
        print(traceback.format_exc(), flush=True)
        raise Unbuilt(f"the files of {spec['model']} version {spec['version']} can't be read: {problem}") from None
    if not os.path.exists(os.path.join(source, "MLmodel")):
        raise Unbuilt(f"{spec['model']} version {spec['version']} has no file MLmodel")
    try:
        os.replace(source, folder)
    except OSError:
        if not os.path.exists(os.path.join(folder, "MLmodel")):
            raise
    shutil.rmtree(part, ignore_errors=True)


@contextmanager
def login(spec):
    """The workspace's login in the environment, for this block alone."""
    token, host = os.environ.get(LOGIN, ""), os.environ.get(HOST, "")
    ours = {
        "MLFLOW_TRACKING_URI": spec["tracking"],
        "MLFLOW_TRACKING_TOKEN": token,
        "DATABRICKS_HOST": host,
        "DATABRICKS_TOKEN": token,
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def requirements(folder):
    """The lines of the model's requirements file; files that it names are found beside it."""
    try:
        with open(os.path.join(folder, "requirements.txt"), encoding="utf-8-sig") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    lines = []
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        line = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if not line:
            continue
        named = re.match(r"(-r|-c|--requirement|--constraint)[=\s]*(.+)", line)
        if named is not None:
            option = "-c" if named.group(1) in ("-c", "--constraint") else "-r"
            line = f"{option} {inside(folder, named.group(2))}"
        elif line.endswith(".whl") and "://" not in line:
            line = inside(folder, line)
        lines.append(line)
    return lines


def inside(folder, name):
    return os.path.normpath(os.path.join(folder, name.strip()))


def note_of_python(folder):
    try:
        with open(os.path.join(folder, "python_env.yaml"), encoding="utf-8") as file:
            found = re.search(r"^python:\s*['\"]?(\d+\.\d+)", file.read(), re.MULTILINE)
    except FileNotFoundError:
        return
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    if found is not None and found.group(1) != here:
        print(f"WARNING: the model was logged with Python {found.group(1)}; a local workspace serves it with {here}", flush=True)


def begin_again(spec, layers):
    path = os.path.join(spec["image"], f"again-{os.getpid()}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**spec, "installed": layers.homes}, file)
    begin_anew([sys.executable, os.path.abspath(__file__), path], layers.successor())


def load(spec, folder):
    print(f"Loading {spec['model']} version {spec['version']}", flush=True)
    if spec.get("fault") == "memory":
        # As the kernel does it to a process that asks for too much.
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    import mlflow.pyfunc
    from mlflow.pyfunc import scoring_server

    os.environ["_MLFLOW_IS_IN_SERVING_ENVIRONMENT"] = "true"
    model = mlflow.pyfunc.load_model(folder)
    if spec.get("fault") == "never":
        print("Waiting for the model to become ready", flush=True)
        threading.Event().wait()
    return model, scoring_server


def server_of(model, scoring_server):
    from mlflow.exceptions import MlflowException

    schema = model.metadata.get_input_schema() if model.metadata is not None else None

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            self.send(200 if self.path in ("/ping", "/health") else 404, "application/json", b"\n")

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, text = self.scored(body)
            self.send(status, kind, text.encode())

        def scored(self, body):
            try:
                done = scoring_server.invocations(body, self.headers.get("Content-Type", ""), model, schema)
                return done.status, done.mimetype, done.response
            except MlflowException as refused:
                print(refused.message, flush=True)
                return refused.get_http_status_code(), "application/json", refused.serialize_as_json()
            except Exception:
                print(traceback.format_exc(), flush=True)
                problem = {"error_code": "INTERNAL_ERROR", "message": "The model server failed; see its log."}
                return 500, "application/json", json.dumps(problem)

        def send(self, status, kind, body):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    return Server(("127.0.0.1", 0), Handler)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = json.load(file)
    be_stoppable()
    secrets.hide_those_of_cluster()
    sys.stdout = Redacting(sys.stdout)
    sys.stderr = Redacting(sys.stderr)
    layers = Layers({**spec, "result": os.path.join(spec["image"], "result"), "checkout": spec["image"]})
    try:
        folder = build(spec, layers)
    except Unbuilt as problem:
        tell(spec, "unbuilt", problem)
        os._exit(1)
    for name in (LOGIN, HOST, "LOCAL_WORKSPACE_SECRET_VARIABLES"):
        os.environ.pop(name, None)
    tell(spec, "built")
    try:
        server = server_of(*load(spec, folder))
    except BaseException as problem:
        print(traceback.format_exc(), flush=True)
        tell(spec, "unloaded", f"{type(problem).__name__}: {problem}")
        sys.stderr.flush()
        os._exit(1)
    print("Listening", flush=True)
    tell(spec, "listening", server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    main()
