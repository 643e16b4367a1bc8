package dev.portage.localworkspace;

import static dev.portage.localworkspace.NotebookWorkspace.CELL;
import static dev.portage.localworkspace.NotebookWorkspace.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people write at the top of their notebooks and between the lines. */
class NotebookHabitsIT {
  @AutoClose private final NotebookWorkspace notebooks;

  NotebookHabitsIT(@TempDir Path folder) throws IOException {
    notebooks = new NotebookWorkspace(folder);
  }

  @Test
  void packagesAreRequestedInAnyFormAndPythonStartsAgain() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + """
                    # MAGIC %pip install -q -U numpy 'pandas>=1' --index-url https://example.com  # the usual
                    # MAGIC %restart_python
                    """
                    + CELL
                    + "%pip install -r needs/all.txt --no-deps\ndbutils.library.restartPython()\n"
                    + CELL
                    + """
                    import sys
                    if True:
                        !{sys.executable} -m pip install -q numpy > /dev/null 2>&1
                    !pip list | head -3; pip3 --version
                    frozen = !pip freeze
                    """
                    + CELL
                    + "%%capture said\n!pip install numpy && pip list\n"
                    + CELL
                    + """
                    known = any(line.startswith("numpy==") for line in frozen)
                    dbutils.notebook.exit(f"{known} {str(said).splitlines()[0][:29]}")
                    """,
                "needs/all.txt",
                "numpy \\\n  >=1.0  # goes on\n-c more.txt\n-r more.txt\n--no-binary :all:\n",
                "needs/more.txt",
                "pandas ; python_version > '3'\n-r all.txt\n",
                "other.py",
                HEADER + "!pip list && ls -l\n"));

    assertThat(notebooks.exitOf("n", commit)).isEqualTo("True Requirement already satisfied");
    assertThat(notebooks.error("other", commit))
        .startsWith("NotOffered: A local workspace can't run !pip list && ls -l");
  }

  @Test
  void redeclaredWidgetsKeepTheJobsValues() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + """
                    dbutils.widgets.removeAll()
                    try:
                        dbutils.widgets.get("alpha")
                    except Exception as gone:
                        print(gone)
                    dbutils.widgets.text("alpha", "1", "Alpha")
                    dbutils.widgets.dropdown("a b-c", "x", ["x", "y"])
                    dbutils.widgets.combobox("c.d", "x", ["x"])
                    dbutils.widgets.multiselect("m/s", "x", ["x", "y"])
                    dbutils.widgets.remove("c.d")
                    dbutils.notebook.exit(str(dbutils.widgets.getAll()) + str("gone" in dir()))
                    """));

    assertThat(
            notebooks
                .output(
                    Clients.awaitEnd(
                        notebooks.client,
                        notebooks.submit("n", Map.of("alpha", "7", "m/s", "x,y"), commit),
                        NotebookWorkspace.LIMIT))
                .getNotebookOutput()
                .getResult())
        .isEqualTo("{'alpha': '7', 'a b-c': 'x', 'm/s': 'x,y'}False");
  }

  @Test
  void jupytersBuiltinsAreAvailable() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + """
                    from __future__ import annotations
                    from IPython import get_ipython
                    from IPython.display import HTML, clear_output, display
                    from IPython.core.interactiveshell import InteractiveShell
                    InteractiveShell.ast_node_interactivity = "all"
                    get_ipython().run_line_magic("matplotlib", "inline")
                    display(HTML("<b>bold</b>"))
                    clear_output(wait=True)
                    import asyncio
                    got = await asyncio.sleep(0, result=3)
                    """
                    + CELL
                    + """
                    def later(x: NotThereYet): pass
                    async def twice(x):
                        return 2 * x
                    await twice(got)
                    """
                    + CELL
                    + "# MAGIC %skip\n# MAGIC raise ValueError()\n"
                    + CELL
                    + "# MAGIC %md\n# MAGIC it's text\n# a comment below\n"
                    + CELL
                    + "%prun await_is_no_name = 1\n"
                    + CELL
                    + "text = 'a\u2028b\u0085c\fd'\ndbutils.notebook.exit(f'{got} {len(text)}')\n"));

    assertThat(notebooks.exitOf("n", commit)).isEqualTo("3 7");
  }

  @Test
  void automagicAppliesWherePythonCannotParse() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + """
                    pip show numpy
                    pip install -q numpy
                    cat = [1]
                    cat [0]
                    if cat:
                        matplotlib inline
                    env GREETING=hello
                    """
                    + CELL
                    + "import os\ndbutils.notebook.exit(os.environ['GREETING'])\n",
                "other.py",
                HEADER + "this is no command\n"));

    assertThat(notebooks.exitOf("n", commit)).isEqualTo("hello");
    assertThat(notebooks.error("other", commit)).startsWith("SyntaxError: ");
  }

  @Test
  void aMissingModuleIsNamedWithTheCommandThatAddsIt() {
    String commit =
        notebooks.repository.commit(Map.of("imports.py", HEADER + "import no_such_module.part\n"));

    assertThat(notebooks.error("imports", commit))
        .startsWith(
            "ModuleNotFoundError: No module named 'no_such_module'. If it is a package: %pip install"
                + " no_such_module in a notebook");
  }

  @Test
  void notebooksThatRunEachOtherAreReported() {
    String commit =
        notebooks.repository.commit(
            Map.of("a.py", HEADER + "%run ./b\n", "b.py", HEADER + "%run ./a\n"));

    assertThat(notebooks.error("a", commit)).contains("circular %run: a.py");
  }
}
