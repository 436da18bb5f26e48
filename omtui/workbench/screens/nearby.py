"""The question for a file: one next to the profile or in the working folder, or another by its path."""

from pathlib import Path as FilePath

from omtui.service.nearby_files import nearby_files
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Choice


async def choose_nearby(
    screen: WorkScreen, title: str, text: str, endings: tuple[str, ...], word: str
) -> FilePath | None:
    """Ask for a file that ends so, those with the word in their name first; `None` when the person leaves."""
    files = nearby_files((screen.session.path.parent, FilePath.cwd()), endings, word)
    choices = [Choice(str(path), path.name, str(path.parent)) for path in files]
    answer = await screen.choose(title, [*choices, Choice("", "Another file", "by its path")]) if choices else ""
    return await screen.ask_file(title, text, value="") if answer == "" else FilePath(answer) if answer else None
