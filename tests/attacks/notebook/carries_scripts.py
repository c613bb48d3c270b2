# /// attack
# says = "retrain_plan must return a list of TrainSpec"
# ///
"""Carry scripts in outputs, in texts, in attachments and in widgets, for whoever opens the page."""

EVIL = "<script>document.title='WON:'</script><img src=x onerror=alert(1)><iframe srcdoc='WON:'></iframe>"


def hand_in(notebook, folder):
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"a": EVIL}}}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {"output_type": "display_data", "metadata": {}, "data": {mime: EVIL}}
                for mime in ("text/html", "application/javascript", "image/svg+xml", "text/latex")
            ]
    code = f"from IPython.display import HTML, display\ndisplay(HTML({EVIL.replace('WON', 'won')!r}))\nprint({EVIL.replace('WON', 'won')!r})"
    notebook["cells"].insert(
        1,
        {
            "cell_type": "markdown",
            "metadata": {},
            "id": "a1",
            "source": EVIL,
            "attachments": {"x.svg": {"image/svg+xml": EVIL}},
        },
    )
    notebook["cells"].append(
        {"cell_type": "code", "metadata": {}, "id": "a2", "source": code, "outputs": [], "execution_count": None}
    )
    return notebook
