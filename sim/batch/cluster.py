"""Workers beyond this machine: an existing Dask cluster, or one on this machine, as an executor.

Units are sent as Python objects and run as code: only connect to a scheduler that is trusted, and over TLS where others
share the network.
"""

from __future__ import annotations

import contextlib
import platform
import ssl
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.errors import HembesokError, ResultsError
from sim.study import compiling
from sim.study.reasons import program
from sim.study.run import ExecutorLost
from sim.study.stages.hashing import library_versions
from sim.text import Text
from sim.version import __version__

LOCAL: Final = "local"
SCHEMES: Final = ("tcp://", "tls://")
_RETRIES: Final = 5  # times that a unit is sent again when its worker is lost
_SECONDS: Final = 15  # to find the scheduler


@dataclass(frozen=True)
class Tls:
    """Files that prove who is who: of the authority, and the client's own certificate and key."""

    ca: Path
    cert: Path
    key: Path


@contextlib.contextmanager
def open_cluster(address: str, jobs: int, tls: Tls | None = None) -> Iterator[Executor]:
    """An executor on the cluster at `address` ("local": `jobs` processes of this machine), whose workers are known to
    compute the same as this program, with machine code made once on each host.

    Raises ResultsError when Dask is not installed or the workers differ; NotTrusted for wrong certificates; OSError
    when the scheduler is not found or has no workers.
    """
    with _client(address, jobs, tls) as client:
        _check(client, address)
        client.run(_make_code, workers=_one_a_host(client))
        yield client.get_executor(retries=_RETRIES, pure=False)


@contextlib.contextmanager
def _client(address: str, jobs: int, tls: Tls | None) -> Iterator[Any]:
    try:
        from distributed import Client, LocalCluster
        from distributed.security import Security
    except ImportError:
        raise ResultsError(_NO_DASK) from None
    with contextlib.ExitStack() as stack:
        if address == LOCAL:
            cluster = LocalCluster(
                n_workers=jobs, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            )
            yield stack.enter_context(Client(stack.enter_context(cluster)))
            return
        if tls is None and address.startswith(SCHEMES[1]):
            raise NotTrusted(_NO_FILES.format(address=address))
        security = tls and Security(**_files(tls), require_encryption=True)
        try:
            client = stack.enter_context(Client(address, timeout=_SECONDS, security=security))
        except (OSError, TimeoutError) as error:
            if "certificate" in f"{error} {error.__cause__}":
                raise NotTrusted(_STRANGER.format(address=address)) from error
            hint = _MAYBE_TLS if tls else Text("", "")
            found = _NOT_FOUND.format(address=address, seconds=_SECONDS)
            raise ExecutorLost(Text(*(said + more for said, more in zip(found, hint, strict=True)))) from error
        yield client


class NotTrusted(HembesokError):
    """Certificates that are missing, do not belong together, or are of another authority."""


def _files(tls: Tls) -> dict[str, str]:
    """What Dask is told of them. Raises NotTrusted for files that are no certificates of one another."""
    try:
        ssl.create_default_context(cafile=tls.ca).load_cert_chain(tls.cert, tls.key)
    except OSError as error:  # what is wrong with a certificate is one too
        files = ", ".join(str(path) for path in (tls.ca, tls.cert, tls.key))
        raise NotTrusted(_FILES.format(files=files, error=error.strerror or str(error))) from error
    return {"tls_ca_file": str(tls.ca), "tls_client_cert": str(tls.cert), "tls_client_key": str(tls.key)}


def what_computes() -> dict[str, str]:
    """What must be alike in all workers: the program to the last byte, and the libraries that numbers come from."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"hembesok": __version__, "program": program(), "python": python, **library_versions()}


def _check(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError as error:
        raise ExecutorLost(_NO_WORKERS.format(address=address, seconds=_SECONDS)) from error
    here = what_computes()
    for worker, there in client.run(what_computes, on_error="return").items():
        if isinstance(there, BaseException):
            raise ResultsError(_NO_PROGRAM.format(worker=worker, error=there))
        apart = [f"{name} {there.get(name)} ({value})" for name, value in here.items() if there.get(name) != value]
        if apart:
            raise ResultsError(_OTHER.format(worker=worker, apart=", ".join(apart)))


def _one_a_host(client: Any) -> list[str]:
    """The first worker of every host."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    by_host: dict[str, str] = {}
    for name, worker in workers.items():
        by_host.setdefault(worker["host"], name)
    return list(by_host.values())


def _make_code() -> None:
    """In a worker: machine code, where the cache on disk lacks it."""
    if compiling.is_cold():
        compiling.compile_in_two()


_NO_DASK: Final = Text(
    "--cluster behöver Dask: pip install 'hembesok[cluster]', eller distributed i samma miljö",
    "--cluster needs Dask: pip install 'hembesok[cluster]', or distributed in the same environment",
)
_NOT_FOUND: Final = Text(
    "{address}: ingen schemaläggare svarar inom {seconds} s", "{address}: no scheduler answers within {seconds} s"
)
_NO_WORKERS: Final = Text(
    "{address}: schemaläggaren har inga arbetare efter {seconds} s",
    "{address}: the scheduler has no workers after {seconds} s",
)
_MAYBE_TLS: Final = Text(
    ", eller så godtar den inte certifikatet (--tls)", ", or it does not accept the certificate (--tls)"
)
_NO_FILES: Final = Text("{address}: tls:// behöver --tls CA CERT NYCKEL", "{address}: tls:// needs --tls CA CERT KEY")
_FILES: Final = Text(
    "--tls {files}: filerna kan inte användas tillsammans: {error}",
    "--tls {files}: these files cannot be used together: {error}",
)
_STRANGER: Final = Text(
    "{address}: schemaläggarens certifikat är inte utfärdat av den som --tls anger; fråga den som driver klustret",
    "{address}: the certificate of the scheduler is not from the authority that --tls names; ask who runs the cluster",
)
_NO_PROGRAM: Final = Text(
    "arbetaren {worker} kan inte köra programmet: {error}", "the worker {worker} cannot run the program: {error}"
)
_OTHER: Final = Text(
    "arbetaren {worker} räknar med något annat än här: {apart}; installera samma version på alla",
    "the worker {worker} computes with something else than here: {apart}; install the same version on all of them",
)
