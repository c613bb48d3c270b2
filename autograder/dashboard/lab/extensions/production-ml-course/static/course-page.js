// The way back from JupyterLab: "Course page" in the launcher, in the command palette and in the Help menu.
// Written by hand in the form in which JupyterLab loads built extensions, so that no build tool is needed.
"use strict";

(() => {
  const COMMAND = "production-ml-course:open";
  let shared = {}; // the modules that JupyterLab shares, by name and version

  async function load(name) {
    const versions = Object.values(shared[name] || {});
    if (versions.length === 0) {
      throw new Error(`JupyterLab does not share ${name}; the course page stays at /course`);
    }
    return (await versions[0].get())();
  }

  async function plugin() {
    const { PageConfig, URLExt } = await load("@jupyterlab/coreutils");
    const { ICommandPalette } = await load("@jupyterlab/apputils");
    const { ILauncher } = await load("@jupyterlab/launcher");
    const { IMainMenu } = await load("@jupyterlab/mainmenu");
    const { LabIcon } = await load("@jupyterlab/ui-components");
    const icon = new LabIcon({
      name: "production-ml-course:mark",
      svgstr:
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d4f7c"/>' +
        '<path d="M6 21 L13 14 L18 18.5 L26 9" fill="none" stroke="#fff" stroke-width="2.6"/>' +
        '<path d="M6 25.5 H26" stroke="#fff" stroke-width="1.6"/></svg>',
    });
    return {
      id: "production-ml-course:page",
      description: "Opens the course page.",
      autoStart: true,
      optional: [ILauncher, ICommandPalette, IMainMenu],
      activate(app, launcher, palette, menu) {
        app.commands.addCommand(COMMAND, {
          label: "Course page",
          caption: "See your units, submit, and read the feedback",
          icon,
          execute: () => {
            window.open(URLExt.join(PageConfig.getBaseUrl(), "course"), "course");
          },
        });
        launcher?.add({ command: COMMAND, category: "Course", rank: 0 });
        palette?.addItem({ command: COMMAND, category: "Course" });
        menu?.helpMenu.addGroup([{ command: COMMAND }], 0);
      },
    };
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["production-ml-course"] = {
    init(modules) {
      shared = modules;
    },
    async get() {
      const page = await plugin();
      return () => ({ __esModule: true, default: page });
    },
  };
})();
