package dev.portage.localworkspace;

import static dev.portage.localworkspace.NotebookWorkspace.CELL;
import static dev.portage.localworkspace.NotebookWorkspace.HEADER;
import static dev.portage.localworkspace.NotebookWorkspace.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunNow;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notebooks as people have them: with magic commands, in Jupyter's format, with odd widgets. */
class NotebookKindsIT {
  @AutoClose private final NotebookWorkspace notebooks;

  NotebookKindsIT(@TempDir Path folder) throws IOException {
    notebooks = new NotebookWorkspace(folder);
  }

  @Test
  void harmlessMagicCommandsPass() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "lib/n.py",
                HEADER
                    + "# MAGIC %load_ext autoreload\n# MAGIC %autoreload 2\n"
                    + CELL
                    + "# MAGIC %matplotlib inline\n# MAGIC %config InlineBackend.figure_format = 'svg'\n"
                    + CELL
                    + "# MAGIC %%time\n# MAGIC squares = [i * i for i in range(4)]\n"
                    + CELL
                    + "import os\n%cd ..\nhere = %pwd\n%env GREETING=hello\n"
                    + "def rest(a):\n    %time b = a % 3\n    return (b\n        % 2)\n"
                    + "kept = \"\"\"\n%sql is no magic in a text\n\"\"\"\n"
                    + "%timeit -n 10 rest(2)\n"
                    + CELL
                    + "# MAGIC %%capture said\n# MAGIC print('not shown')\n"
                    + CELL
                    + "dbutils.notebook.exit(f\"{os.environ['GREETING']} {squares[-1]} {rest(4)} {len(kept)}\"\n"
                    + "    f\" {os.path.isdir('lib')} {said.stdout.strip()}\")\n"));

    assertThat(notebooks.exitOf("lib/n", commit)).isEqualTo("hello 9 1 28 True not shown");
  }

  @Test
  void theErrorOfAFunctionThatSparkRanIsReportedInsteadOfSparksOwn() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + """
                    raise RuntimeError('''An error occurred while calling o91.saveAsTable.
                    Caused by: [PYTHON_EXCEPTION] An exception was thrown from the Python worker: Traceback
                      File "m.py", line 3, in udf
                    ValueError: no rows
                      at org.apache.spark.Task.run''')
                    """));

    assertThat(notebooks.error("n", commit))
        .isEqualTo("ValueError: no rows (in a Python function that Spark ran: RuntimeError)");
  }

  @Test
  void aNotebookAsksItsContextForPathJobUserAndAddress() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "lib/n.py",
                HEADER
                    + "import json\n"
                    + "c = dbutils.notebook.entry_point.getDbutils().notebook().getContext()\n"
                    + "known = json.loads(c.toJson())\n"
                    + "assert c.tags().get('jobId').get() == known['tags']['jobId'] == c.jobId().get()\n"
                    + "assert known['currentRunId']['id'] == c.currentRunId().get().id()\n"
                    + "assert c.tags().get('nothing').isEmpty()\n"
                    + "assert c.apiToken().get()\n"
                    + "path = c.notebookPath().get()\n"
                    + "dbutils.notebook.exit(' '.join([path[-6:], c.apiUrl().get(), c.tags().apply('user'),\n"
                    + "    c.workspaceId().get()]))\n"));

    assertThat(notebooks.exitOf("lib/n", commit))
        .isEqualTo("/lib/n " + notebooks.workspace.host() + " ana@example.com 1111111111111111");
  }

  @Test
  void codeThatChecksForSparkTakesItsFallback() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "asks.py",
                HEADER
                    + """
                    asked = "spark" in globals()
                    try:
                        spark
                        caught = False
                    except NameError:
                        caught = True
                    dbutils.notebook.exit(f"{asked} {caught}")
                    """));

    RunOutput output =
        notebooks.output(
            Clients.awaitEnd(notebooks.client, notebooks.submit("asks", Map.of(), commit), LIMIT));

    assertThat(output.getNotebookOutput().getResult()).isEqualTo("False True");
  }

  @Test
  void displayPrintsAsTextWhatDatabricksRenders() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + """
                    import contextlib, io
                    from collections import namedtuple
                    import matplotlib
                    matplotlib.use("Agg")
                    import matplotlib.pyplot as plt
                    import pandas as pd
                    from IPython.display import display as shown, HTML

                    class Card:
                        def _repr_html_(self):
                            return "<style>p {}</style><h1>Card</h1><p>of &lt;Ana&gt;</p>"

                    plt.plot([1, 2])
                    plt.title("rmse")
                    File = namedtuple("File", "path size")
                    with contextlib.redirect_stdout(io.StringIO()) as kept:
                        display(pd.DataFrame({"id": [7], "name": ["ana"]}), streamName="any")
                        display(pd.DataFrame({"n": range(1001)}))
                        display([{"a": 1}, {"a": 2}])
                        display([File("/x", 3)])
                        display([])
                        display(None)
                        display("text")
                        shown(plt.gcf())
                        display(plt.gca())
                        display(Card())
                        displayHTML("<b>bold</b> and<br>more<script>no()</script>")
                        shown(HTML("plain"))
                    said = [" ".join(line.split()) for line in kept.getvalue().splitlines()]
                    at = said.index("Only the first 1000 rows are shown.")
                    dbutils.notebook.exit("|".join([*said[:4], said[at - 1], *said[at:]]))
                    """));

    assertThat(notebooks.exitOf("n", commit).split("\\|", -1))
        .containsExactly(
            "id name",
            "7 ana",
            "n",
            "0",
            "999",
            "Only the first 1000 rows are shown.",
            "a",
            "1",
            "2",
            "path size",
            "/x 3",
            "[]",
            "None",
            "text",
            "Figure of 640 x 480 pixels with 1 axes: rmse",
            "Figure of 640 x 480 pixels with 1 axes: rmse",
            "Card",
            "of <Ana>",
            "bold and",
            "more",
            "plain");
  }

  @Test
  void otherLanguagesAreRefusedByNameWithAnAlternative() {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("sql", "# MAGIC %sql\n# MAGIC select 1\n");
    cells.put("scala", "# MAGIC %scala\n# MAGIC val x = 1\n");
    cells.put("r", "# MAGIC %r\n# MAGIC x <- 1\n");
    cells.put("sh", "# MAGIC %sh ls\n");
    cells.put("bash", "# MAGIC %%bash\n# MAGIC ls\n");
    cells.put("command", "x = 1\n!ls -l\n");
    cells.put("captured", "files = !ls\n");
    cells.put("unknown", "%nosuchmagic\n");
    cells.put("spark", "spark.table('t')\n");
    cells.put("session", "from pyspark.sql import SparkSession\n");
    Map<String, String> files = new LinkedHashMap<>();
    cells.forEach((name, cell) -> files.put(name + ".py", HEADER + cell));
    String commit = notebooks.repository.commit(files);
    Map<String, Long> runs = new LinkedHashMap<>();
    cells.keySet().forEach(name -> runs.put(name, notebooks.submit(name, Map.of(), commit)));
    Map<String, String> errors = new LinkedHashMap<>();
    runs.forEach((name, run) ->
        errors.put(
            name, notebooks.output(Clients.awaitEnd(notebooks.client, run, LIMIT)).getError()));

    assertThat(errors.values()).allMatch(error -> error.startsWith("NotOffered: "));
    assertThat(errors.get("sql")).contains("a %sql cell").contains("./portage sandbox --spark");
    assertThat(errors.get("scala")).contains("a %scala cell").contains("write it in Python");
    assertThat(errors.get("r")).contains("a %r cell");
    assertThat(errors.get("sh")).contains("a %sh cell").contains("subprocess");
    assertThat(errors.get("bash")).contains("a %%bash cell");
    assertThat(errors.get("command")).contains("can't run !ls -l").contains("%pip install");
    assertThat(errors.get("captured")).contains("can't run !ls");
    assertThat(errors.get("unknown")).contains("%nosuchmagic is unknown");
    assertThat(errors.get("spark")).contains("spark is not there", "./portage sandbox --spark");
    assertThat(errors.get("session"))
        .contains("No module named 'pyspark'", "./portage sandbox --spark");
  }

  @Test
  void aJupyterNotebookRunsAsANotebookNamedWithOrWithoutItsEnding() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "train.ipynb",
                """
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}}, "cells": [
                 {"cell_type": "markdown", "source": ["# no = = code"]},
                 {"cell_type": "raw", "source": "%%neither"},
                 {"cell_type": "code", "outputs": [{"output_type": "stream", "text": ["old"]}],
                  "source": ["%matplotlib inline\\n", "def twice(x):\\n", "    return 2 * x\\n"]},
                 {"cell_type": "code", "source": "%run ./old"},
                 {"cell_type": "code", "source": ["dbutils.notebook.exit(str(twice(three)))"]}]}
                """,
                "old.ipynb",
                """
                {"nbformat": 3, "worksheets": [{"cells": [
                 {"cell_type": "heading", "source": ["Old"]}, {"cell_type": "code", "input": ["three = 3"]}]}]}
                """,
                "train.py",
                "a module = = beside it\n"));

    assertThat(notebooks.exitOf("train", commit)).isEqualTo("6");
    assertThat(notebooks.exitOf("train.ipynb", commit)).isEqualTo("6");
  }

  @Test
  void aBrokenJupyterNotebookIsReportedByWhatIsWrongAndAFailedCellByItsLine() {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "cut.ipynb", "{\"cells\": [",
                "list.ipynb", "[]",
                "future.ipynb", "{\"nbformat\": 2, \"cells\": []}",
                "r.ipynb", "{\"cells\": [], \"metadata\": {\"kernelspec\": {\"language\": \"R\"}}}",
                "both.ipynb", "{\"cells\": []}",
                "both.py", HEADER,
                "fails.ipynb",
                    "{\"cells\": [{\"cell_type\": \"code\", \"source\": \"x = 1\"}, {\"cell_type\": \"code\","
                        + " \"source\": [\"y = 0\\n\", \"x / y\"]}]}"));

    assertThat(notebooks.error("cut", commit))
        .contains("cut.ipynb is not a Jupyter notebook: not JSON");
    assertThat(notebooks.error("list", commit)).contains("not a JSON object");
    assertThat(notebooks.error("future", commit)).contains("nbformat 2");
    assertThat(notebooks.error("r", commit)).contains("written in r");
    assertThat(notebooks.error("both", commit)).contains("two notebooks").contains("both.py");
    RunOutput failed = notebooks.output(notebooks.run("fails", commit));
    assertThat(failed.getError()).isEqualTo("ZeroDivisionError: division by zero");
    assertThat(failed.getErrorTrace())
        .contains("Cell 2 of fails.ipynb")
        .contains("\"fails.ipynb, cell 2\", line 2");
  }

  @Test
  void widgetsOfAnyNameHoldValuesExactlyAsWritten() {
    Map<String, String> values =
        Map.of("1. Data", "1e6", "test-size", "true", "n", "007", "größe", " é \"'\n");
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + "import json\n"
                    + "names = ['1. Data', 'test-size', 'n', 'größe']\n"
                    + "dbutils.widgets.text('1. Data', 'default')\n"
                    + "dbutils.notebook.exit(json.dumps([dbutils.widgets.get(n) for n in names]))\n"));
    String expected = "[\"1e6\", \"true\", \"007\", \" \\u00e9 \\\"'\\n\"]";

    Run submitted =
        Clients.awaitEnd(notebooks.client, notebooks.submit("n", values, commit), LIMIT);
    Long job =
        notebooks
            .client
            .jobs()
            .create(
                new CreateJob()
                    .setName("score")
                    .setGitSource(notebooks.git(commit))
                    .setTasks(
                        List.of(
                            new Task()
                                .setTaskKey("main")
                                .setNotebookTask(NotebookWorkspace.task("n", Map.of())))))
            .getJobId();
    Run started =
        Clients.awaitEnd(
            notebooks.client,
            notebooks
                .client
                .jobs()
                .runNow(new RunNow().setJobId(job).setNotebookParams(values))
                .getResponse()
                .getRunId(),
            LIMIT);

    assertThat(notebooks.output(submitted).getNotebookOutput().getResult()).isEqualTo(expected);
    assertThat(notebooks.output(started).getNotebookOutput().getResult()).isEqualTo(expected);
  }
}
