package dev.portage.databricks;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The lines of a notebook's trace that help whoever wrote the notebook. An error inside a library
 * has that library's frames at its end, often dozens; so the last frame of the notebook's own code,
 * with the line that failed, comes before them.
 *
 * <p>A trace is IPython's ({@code File <command-1>, line 3}, {@code Cell In[3], line 2} and older
 * forms, with the lines of code around) or Python's ({@code File "notebooks/train.py", line 3, in
 * <module>}).
 */
final class NotebookTrace {

  /** Colours and cursor moves of a terminal, as IPython writes them. */
  private static final Pattern ANSI = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");

  /** Which cell it was, as some workspaces say above the trace. */
  private static final Pattern CELL =
      Pattern.compile("Cell \\d+ of .{1,300} \\(from line \\d+\\):");

  /** Where a frame begins, whosever it is. */
  private static final Pattern FRAME =
      Pattern.compile(
          "^\\s*+(File (\"[^\"]{1,500}\", line \\d+|[^\\s\"]{1,500}(, line \\d+|:\\d+))|Cell In ?\\[|Input In ?\\["
              + "|(<(command-|ipython-input-)|[~/]\\S{0,500}\\.py\\b).{0,400} in ).*");

  /** A cell of the notebook, under any of the names that notebooks give to cells. */
  private static final Pattern OF_A_CELL =
      Pattern.compile(
          "^\\s*+(File \"?<command-|<command-|File \\S{0,300}/command-|Cell In ?\\[|Input In ?\\[|(File \"?)?<ipython-input-).*");

  /** Code that nobody wrote for this notebook. */
  private static final Pattern OF_A_LIBRARY =
      Pattern.compile(
          "site-packages|dist-packages|/lib/python\\d|/databricks/(python|spark)|/IPython/|/ipykernel/|/pyspark/"
              + "|<frozen |<__array_function__|<string>|<decorator-gen");

  /** The line that a frame was at. */
  private static final Pattern ARROW = Pattern.compile("^\\s*+-{2,}+>\\s*\\d+.*");

  /** The next error of a chain begins. */
  private static final Pattern CHAIN =
      Pattern.compile(
          "(During handling of the above exception|The above exception was the direct cause).*");

  private static final Pattern RULE = Pattern.compile("-{10,}");

  private static final String GAP = "…";

  private final List<String> lines;

  private NotebookTrace(List<String> lines) {
    this.lines = lines;
  }

  /**
   * So many lines of a trace: its last ones, and before them the notebook's own frame where it is
   * not among them.
   */
  static List<String> of(String trace, int most) {
    List<String> lines =
        ANSI.matcher(trace)
            .replaceAll("")
            .lines()
            .map(String::stripTrailing)
            .filter(line -> !line.isEmpty())
            .toList();
    return new NotebookTrace(lines).shortened(most);
  }

  private List<String> shortened(int most) {
    if (lines.size() <= most) {
      return lines;
    }
    int tail = lines.size() - most;
    int own = ownFrame();
    List<String> head = new ArrayList<>();
    if (CELL.matcher(lines.getFirst()).matches()) {
      head.add(lines.getFirst());
    }
    if (own >= 0 && failedLine(own) < tail + head.size() + 1) {
      head.add(lines.get(own));
      int failed = failedLine(own);
      if (failed > own) {
        head.add(lines.get(failed));
      }
    }
    if (head.isEmpty()) {
      return lines.subList(tail, lines.size());
    }
    head.add(GAP);
    head.addAll(lines.subList(lines.size() - (most - head.size()), lines.size()));
    return head;
  }

  /** The innermost frame of a cell, otherwise of any file that is no library's; -1 for none. */
  private int ownFrame() {
    int cell = -1;
    int own = -1;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (FRAME.matcher(line).matches()) {
        if (OF_A_CELL.matcher(line).matches()) {
          cell = i;
        } else if (!OF_A_LIBRARY.matcher(line).find()) {
          own = i;
        }
      }
    }
    return cell >= 0 ? cell : own;
  }

  /** The line of code that a frame was at: marked by an arrow, or the one below its name. */
  private int failedLine(int frame) {
    int end = frame + 1;
    while (end < lines.size() && !endsFrame(lines.get(end))) {
      if (ARROW.matcher(lines.get(end)).matches()) {
        return end;
      }
      end++;
    }
    return end > frame + 1 && !lines.get(frame + 1).strip().matches("\\d+\\b.*")
        ? frame + 1
        : frame;
  }

  private static boolean endsFrame(String line) {
    return FRAME.matcher(line).matches()
        || CHAIN.matcher(line).matches()
        || RULE.matcher(line).matches()
        || (!line.isEmpty() && Character.isLetter(line.charAt(0)));
  }
}
