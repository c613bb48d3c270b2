# /// attack
# says = "it printed more than the limit"
# endless = true
# ///
"""Let each of a thousand cells claim thirty megabytes of output, which somebody must keep."""

LIE = """
from autograder.protocol.cells import CellReport
from autograder.sandbox.inside.shell import Shell
Shell.execute = lambda self, name, source: CellReport(name=name, output=b"o" * (15 << 20), errors=b"e" * (15 << 20))
"""


def hand_in(notebook, folder):
    for number in range(1000):
        notebook["cells"].append(
            {
                "cell_type": "code",
                "metadata": {},
                "id": f"d{number}",
                "source": "1",
                "outputs": [],
                "execution_count": None,
            }
        )
    notebook["cells"].insert(
        3, {"cell_type": "code", "metadata": {}, "id": "lie", "source": LIE, "outputs": [], "execution_count": None}
    )
    return notebook
