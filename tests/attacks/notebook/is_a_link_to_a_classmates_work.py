# /// attack
# refused = "link"
# ///
"""Be a symbolic link to the reference of somebody else."""


def hand_in(notebook, folder):
    (folder / "assignment.ipynb").symlink_to(PATHS["classmate"])
