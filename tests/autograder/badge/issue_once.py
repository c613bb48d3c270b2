"""Issue what is due in a class that another process made, and print how many badges that were."""

import sys
from pathlib import Path

from badge_class import ISSUED, UNITS

from autograder.badge.issuing import issue_due
from autograder.settings import BadgeSettings, Settings, UnitSetting

if __name__ == "__main__":
    folder, keys = map(Path, sys.argv[1:])
    root = folder / "course"
    settings = Settings(
        root=root,
        mode="class",
        units=tuple(UnitSetting(name=name) for name in UNITS),
        db_url=f"sqlite:///{root / 'var' / 'gradebook.db'}",
        badge=BadgeSettings(issuer="Mill Road College"),
        keys_folder=keys,
    )
    report = issue_due(settings, actor="tester", clock=lambda: ISSUED)
    sys.stdout.write(str(len(report.issued)))
