"""``python -m benchmarks.serve.run``: pages of 500 from the hub, nginx and FastAPI, interleaved in one run.

nginx must be on the PATH, or be named by ``--nginx``; without it, the others run.
"""

import argparse
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

from benchmarks.serve.load import Answers, ask

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = 500
CASES = {
    "plain": "the same page, plain",
    "gzip": "the same page, gzip",
    "zstd": "the same page, zstd",
    "304": "the same page, not modified",
    "fresh": "another page each time, plain",
    "cold": "another page each time, gzip",
}
SERVERS: Mapping[str, tuple[str, ...]] = {
    "nginx": ("plain", "gzip", "304"),
    "hub": ("plain", "gzip", "zstd", "304", "fresh", "cold"),
    "bare": ("gzip", "fresh"),
    "fastapi": ("fresh",),
    "lean": ("fresh",),
}
COUNT = 3_000
FEWER = {("hub", "plain"): 600, **{(name, case): 39 for name in SERVERS for case in ("fresh", "cold")}}
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; keepalive_requests 1000000; sendfile on; tcp_nopush on;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  types {{ application/json json; }}
  server {{ listen 127.0.0.1:{port}; root {folder}/www; gzip_static on; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one server did in one case: its processor time for a page in milliseconds, and the answers."""

    cpu: float
    answers: Answers


@dataclass(frozen=True, slots=True)
class Running:
    """A server: its port, its process, and the path of the page."""

    port: int
    process: int
    path: str


def main() -> None:
    """Compare, and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.serve")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--opportunities", type=int, default=20_000)
    parser.add_argument("--nginx", default=shutil.which("nginx"))
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        store = Path(folder) / "hub.db"
        command = [sys.executable, "-m", "benchmarks.serve.store", str(store), str(wanted.opportunities)]
        subprocess.run(command, cwd=ROOT, check=True)
        servers = {name: stack.enter_context(_python(name, store)) for name in ("hub", "bare", "fastapi", "lean")}
        if wanted.nginx:
            servers["nginx"] = stack.enter_context(_nginx(wanted.nginx, Path(folder), servers["hub"]))
        _alike(servers["hub"], servers["fastapi"])
        found = _compare(servers, wanted.rounds, wanted.opportunities)
    figures = {"/".join(key): [each.cpu for each in found[key]] for key in found}
    print(json.dumps(figures) if wanted.json else _table(found))


def _alike(hub: Running, fastapi: Running) -> None:
    """Refuse to compare servers that do not say the same."""
    pages = [json.loads(_get(each, "identity")) for each in (hub, fastapi)]
    if pages[0] != pages[1]:
        sys.exit("the hub and FastAPI serve other pages")


def _compare(servers: Mapping[str, Running], rounds: int, held: int) -> dict[tuple[str, str], list[Figure]]:
    found: dict[tuple[str, str], list[Figure]] = {}
    for number in range(rounds):
        names = list(servers)[number % len(servers) :] + list(servers)[: number % len(servers)]
        for case in CASES:
            for name in names:
                if case in SERVERS[name]:
                    figure = _measure(servers[name], name, case, held, number)
                    found.setdefault((case, name), []).append(figure)
                    print(f"  {case}, {name}: {figure.cpu:.3f} ms CPU a page", file=sys.stderr, flush=True)
    return found


def _measure(server: Running, name: str, case: str, held: int, number: int) -> Figure:
    count = FEWER.get((name, case), COUNT)
    requests = [_request(server, case, place, held, number) for place in range(count)]
    if case not in {"cold", "fresh"}:
        ask(server.port, requests[:20])
    before = _spent(server.process)
    answers = ask(server.port, requests)
    if answers.status != (304 if case == "304" else 200):
        sys.exit(f"{name} answers {answers.status} to {case}")
    return Figure((_spent(server.process) - before) * 1000 / len(requests), answers)


def _request(server: Running, case: str, place: int, held: int, number: int) -> bytes:
    # A page of its own for every request: none can have been kept.
    after = (
        (place * PAGE + number * 7 + 2 * (case == "fresh") + 1) % max(held - PAGE, 1)
        if case in {"cold", "fresh"}
        else 0
    )
    query = f"?afterChangeNumber={after}" if after else ""
    coding = {"gzip": "gzip", "zstd": "zstd", "cold": "gzip"}.get(case, "identity")
    lines = [f"GET {server.path}{query} HTTP/1.1", "Host: 127.0.0.1", f"Accept-Encoding: {coding}"]
    if case == "304":
        lines.append(f"If-None-Match: {_tag(server)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


_TAGS: dict[int, str] = {}


def _tag(server: Running) -> str:
    if server.port not in _TAGS:
        request = Request(f"http://127.0.0.1:{server.port}{server.path}", headers={"Accept-Encoding": "identity"})
        with urlopen(request) as answer:  # noqa: S310 - a server of its own
            _TAGS[server.port] = answer.headers["ETag"]
    return _TAGS[server.port]


def _get(server: Running, coding: str) -> bytes:
    request = Request(f"http://127.0.0.1:{server.port}{server.path}", headers={"Accept-Encoding": coding})
    with urlopen(request) as answer:  # noqa: S310 - a server of its own
        return bytes(answer.read())


def _spent(process: int) -> float:
    """Return the processor seconds of a process and its children so far."""
    return sum(_seconds(each) for each in (process, *_children(process)))


def _seconds(process: int) -> float:
    return time.clock_gettime((~process << 3) | 2)  # the clock that clock_getcpuclockid(3) names, to the nanosecond


def _children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@contextmanager
def _python(name: str, store: Path) -> Iterator[Running]:
    port = _free()
    command = [sys.executable, "-m", "benchmarks.serve.serving", name, str(store), str(port)]
    with _process(command, port) as process:
        yield Running(port, process, "/feeds/all")


@contextmanager
def _nginx(binary: str, folder: Path, hub: Running) -> Iterator[Running]:
    """Serve the very bytes of the hub as files."""
    port, www = _free(), folder / "www"
    www.mkdir()
    for coding, name in (("identity", "page.json"), ("gzip", "page.json.gz")):
        (www / name).write_bytes(_get(hub, coding))
    for path in (folder, www, *www.iterdir()):
        path.chmod(0o755)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    with _process([binary, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], port) as process:
        yield Running(port, process, "/page.json")


@contextmanager
def _process(command: list[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        patience = time.monotonic() + 20
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > patience:
                sys.exit(f"{command[:4]} did not start")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def _free() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _table(found: Mapping[tuple[str, str], list[Figure]]) -> str:
    rows = ["| case | server | CPU ms/page | lowest–highest | pages/s | MB/s | p50 ms | p99 ms | of nginx or FastAPI |"]
    rows.append("|---|---|---|---|---|---|---|---|---|")
    for (case, name), figures in found.items():
        cpu = [each.cpu for each in figures]
        peers = found.get((case, "nginx" if case in SERVERS["nginx"] else "fastapi"))
        ratio = f"{median(a.cpu / b.cpu for a, b in zip(figures, peers, strict=True) if b.cpu):.2f}" if peers else ""
        rate = median(each.answers.count / each.answers.wall for each in figures)
        speed = median(each.answers.bytes / each.answers.wall for each in figures) / 1e6
        p50 = median(each.answers.p50 for each in figures)
        p99 = median(each.answers.p99 for each in figures)
        cells = (CASES[case], name, f"{median(cpu):.3f}", f"{min(cpu):.3f}–{max(cpu):.3f}", f"{rate:,.0f}")
        rows.append("| " + " | ".join((*cells, f"{speed:,.0f}", f"{p50:.2f}", f"{p99:.2f}", ratio)) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
