"""Starts a llama-server, asks it, ends it. Standard library only."""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

START_LIMIT_SECONDS = 120
REQUEST_LIMIT_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, path, body=None):
    """The status and JSON body of one request; an HTTP error is an answer too."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data=data, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_LIMIT_SECONDS) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def wait_ready(port, process):
    limit = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            return False
        try:
            if ask(port, "/health")[0] == 200:
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


@contextlib.contextmanager
def serving(server, model, flags, **environment):
    """Port and process of a server that runs for as long as the block does; no port if it does not start."""
    port = free_port()
    command = [server, "-m", model, "--host", "127.0.0.1", "--port", str(port), "--no-warmup", *flags]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TZ": "UTC"} | environment,
    )
    try:
        yield (port if wait_ready(port, process) else None), process
    finally:
        process.terminate()
        process.wait(timeout=START_LIMIT_SECONDS)


def write_json(path, value, indent=1):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")
