"""JupyterLab driven by keyboard and menu."""

import re
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

PATIENCE = 120_000  # milliseconds for a kernel or a grade on two busy cores


class Lab:
    """JupyterLab as a learner uses it: by keyboard and menu."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.notebook = nbformat.read(path, as_version=4)
        tab = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current", has_text=path.name)
        expect(tab).to_be_visible(timeout=PATIENCE)  # JupyterLab first puts back what was open before
        self.panel = page.locator(f'[id="{tab.get_attribute("data-id")}"]')

    @property
    def active(self) -> Locator:
        """Give the selected cell."""
        return self.panel.locator(".jp-Notebook-cell.jp-mod-active")

    def wait(self) -> None:
        """Wait until the notebook stands there and its kernel is idle; nothing may ask anything."""
        expect(self.panel.locator(".jp-Notebook")).to_be_visible(timeout=PATIENCE)
        expect(self.panel.locator(".jp-Toolbar-kernelName")).to_contain_text("Python 3", timeout=PATIENCE)
        indicator = self.panel.locator(".jp-Notebook-ExecutionIndicator")
        expect(indicator).to_have_attribute("data-status", "idle", timeout=PATIENCE)
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)

    def index(self, name: str) -> int:
        """Find a cell by its grade_id."""
        names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in self.notebook.cells]
        return names.index(name)

    def cell(self, index: int) -> Locator:
        """Give a cell that is drawn."""
        return self.panel.locator(f'.jp-Notebook-cell[data-windowed-list-index="{index}"]')

    def select(self, index: int) -> Locator:
        """Walk to a cell with the arrow keys."""
        active = self.active
        active.press("Escape")
        while (here := int(active.get_attribute("data-windowed-list-index") or 0)) != index:
            key, there = ("ArrowDown", here + 1) if here < index else ("ArrowUp", here - 1)
            active.press(key)  # takes the focus first: while JupyterLab starts, something else may have taken it
            expect(active).to_have_attribute("data-windowed-list-index", str(there))
        return self.cell(index)

    def write(self, index: int, source: str) -> None:
        """Replace the text of a cell."""
        cell = self.select(index)
        self.active.press("Enter")
        expect(cell.locator(".cm-content")).to_be_focused()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run(self, index: int) -> Locator:
        """Run a cell and give what it shows."""
        cell = self.select(index)
        self.active.press("Shift+Enter")
        return cell.locator(".jp-Cell-outputArea")

    def run_above(self, index: int) -> None:
        """Run every cell above *index*, one after the other, and wait for the last."""
        self.select(0)
        for here in range(index):
            self.active.press("Shift+Enter")
            expect(self.active).to_have_attribute("data-windowed-list-index", str(here + 1))
        self.wait()

    def save(self) -> None:
        """Save and wait until it is done."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+s")
        tab = self.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current")
        expect(tab).not_to_have_class(re.compile("jp-mod-dirty"), timeout=PATIENCE)
