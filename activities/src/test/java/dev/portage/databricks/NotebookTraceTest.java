package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which lines of a notebook's trace are shown. */
class NotebookTraceTest {

  private static final int MOST = 15;

  /** How a notebook's own frame looks, by who writes the trace; and the line that failed. */
  static Stream<Arguments> traces() {
    return Stream.of(
        Arguments.of(
            "File <command-4021>, line 3\n      1 x = load()\n      2 \n----> 3 model.fit(x)\n",
            "File <command-4021>, line 3",
            "----> 3 model.fit(x)"),
        Arguments.of(
            "File <command-4021-77>:3\n      1 x = load()\n----> 3 model.fit(x)\n",
            "File <command-4021-77>:3",
            "----> 3 model.fit(x)"),
        Arguments.of(
            "File <command-4021>:12, in train(x)\n     11     x = x\n---> 12     model.fit(x)\n",
            "File <command-4021>:12, in train(x)",
            "---> 12     model.fit(x)"),
        Arguments.of(
            "<command-4021> in <module>\n      1 x = load()\n----> 2 model.fit(x)\n",
            "<command-4021> in <module>",
            "----> 2 model.fit(x)"),
        Arguments.of(
            "File ~/.ipykernel/1503/command-4021-77:3\n      1 x\n----> 3 model.fit(x)\n",
            "File ~/.ipykernel/1503/command-4021-77:3",
            "----> 3 model.fit(x)"),
        Arguments.of(
            "Cell In[3], line 2\n      1 x = load()\n----> 2 model.fit(x)\n",
            "Cell In[3], line 2",
            "----> 2 model.fit(x)"),
        Arguments.of(
            "Input In [3], in <cell line: 2>()\n      1 x\n----> 2 model.fit(x)\n",
            "Input In [3], in <cell line: 2>()",
            "----> 2 model.fit(x)"),
        Arguments.of(
            "<ipython-input-3-0a1b> in <module>\n      1 x\n----> 2 model.fit(x)\n",
            "<ipython-input-3-0a1b> in <module>",
            "----> 2 model.fit(x)"),
        Arguments.of(
            "  File \"<command-4021>\", line 3, in <module>\n    model.fit(x)\n    ^^^^^^^^^^^^\n",
            "  File \"<command-4021>\", line 3, in <module>",
            "    model.fit(x)"),
        Arguments.of(
            "  File \"notebooks/train.py\", line 41, in <module>\n    model.fit(x)\n",
            "  File \"notebooks/train.py\", line 41, in <module>",
            "    model.fit(x)"),
        Arguments.of(
            "File /Workspace/Repos/ml/churn/features.py:8, in build(x)\n      7 y\n----> 8 fit(x)\n",
            "File /Workspace/Repos/ml/churn/features.py:8, in build(x)",
            "----> 8 fit(x)"));
  }

  @ParameterizedTest
  @MethodSource("traces")
  void theNotebooksOwnLineStandsBeforeTheLibrarysFrames(String own, String frame, String line) {
    List<String> shown = NotebookTrace.of(head() + own + library() + "ValueError: NaN", MOST);
    assertThat(shown).hasSize(MOST).startsWith(frame, line, "…").endsWith("ValueError: NaN");
  }

  @Test
  void ofSeveralOwnFramesTheInnermostIsShown() {
    String own =
        "File <command-1>, line 9\n----> 9 train()\nFile <command-1>:4, in train()\n----> 4 fit(x)\n";
    assertThat(NotebookTrace.of(head() + own + library() + "ValueError: NaN", MOST))
        .startsWith("File <command-1>:4, in train()", "----> 4 fit(x)", "…");
  }

  @Test
  void ofAChainOfErrorsTheLastOnesFrameIsShown() {
    String first = head() + "File <command-1>, line 2\n----> 2 a()\nKeyError: 'x'\n";
    String second = "File <command-2>, line 5\n----> 5 b()\n" + library() + "ValueError: NaN";
    assertThat(
            NotebookTrace.of(
                first
                    + "\nDuring handling of the above exception, another exception occurred:\n\n"
                    + second,
                MOST))
        .startsWith("File <command-2>, line 5", "----> 5 b()");
  }

  @Test
  void whichCellItWasIsKept() {
    String own = "  File \"notebooks/train.py\", line 41, in <module>\n    model.fit(x)\n";
    assertThat(
            NotebookTrace.of(
                "Cell 3 of notebooks/train.py (from line 38):\nTraceback (most recent call last):\n"
                    + own
                    + library()
                    + "ValueError: NaN",
                MOST))
        .startsWith(
            "Cell 3 of notebooks/train.py (from line 38):",
            "  File \"notebooks/train.py\", line 41, in <module>",
            "    model.fit(x)",
            "…");
  }

  @Test
  void aTraceOfLibrariesAloneAndAShortOneStayAsTheyAre() {
    assertThat(NotebookTrace.of(head() + library() + "ValueError: NaN", MOST)).doesNotContain("…");
    String brief = "File <command-1>, line 1\n----> 1 1/0\nZeroDivisionError: division by zero";
    assertThat(NotebookTrace.of(brief, MOST)).containsExactlyElementsOf(brief.lines().toList());
  }

  @Test
  void colorsAreLeftOut() {
    assertThat(
            NotebookTrace.of(
                head()
                    + "File \u001b[0;32m<command-1>\u001b[0m, line 3\n\u001b[0;32m----> 3\u001b[0m fit()\n"
                    + library()
                    + "ValueError: NaN",
                MOST))
        .startsWith("File <command-1>, line 3", "----> 3 fit()");
  }

  private static String head() {
    return "-".repeat(75) + "\nValueError                Traceback (most recent call last)\n";
  }

  private static String library() {
    return IntStream.range(0, 12)
        .mapToObj(i ->
            "File /databricks/python/lib/python3.12/site-packages/sklearn/base.py:"
                + i
                + ", in fit(self)\n      1 def fit(self):\n----> 2     check(x)\n")
        .collect(Collectors.joining());
  }
}
