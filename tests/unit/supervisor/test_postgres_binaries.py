"""Copied PostgreSQL programs are run only from a folder that nobody else can write."""

from pathlib import Path

import pytest

from supervisor.child_process import EmbeddedError
from supervisor.postgres_binaries import require_own


def test_an_own_folder_is_fine(tmp_path: Path) -> None:
    """A folder that this user made and others may only read is used."""
    tmp_path.chmod(0o755)
    require_own(tmp_path)


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777])
def test_a_folder_that_others_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    """Whoever may write the folder may plant programs in it."""
    tmp_path.chmod(mode)
    with pytest.raises(EmbeddedError, match="remove it"):
        require_own(tmp_path)


def test_a_link_to_an_own_folder_is_refused(tmp_path: Path) -> None:
    """A link can be pointed elsewhere after it was looked at."""
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir(mode=0o755)
    link.symlink_to(folder)
    with pytest.raises(EmbeddedError, match="alone"):
        require_own(link)
