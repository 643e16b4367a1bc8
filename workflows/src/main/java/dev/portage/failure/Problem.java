package dev.portage.failure;

import dev.portage.text.Bounded;
import dev.portage.text.Passage;
import dev.portage.text.Passage.Cut;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One failure, described so that the reader can act. Text from others is bounded.
 *
 * @param kind whose move it is
 * @param tried what was being done, such as "run notebooks/train.py"
 * @param where the workspace, file or server it happened in, such as "workspace dev"
 * @param cameBack what the other side answered, without secrets; one line or a few
 * @param remedy what to do about it, as a sentence or a command
 * @param trace the last lines of a notebook's trace, oldest first; empty where there is none
 * @param page where more can be read, null where there is no such page
 */
public record Problem(
    FailureKind kind,
    String tried,
    String where,
    String cameBack,
    String remedy,
    List<String> trace,
    @Nullable URI page) {

  private static final Pattern ENDS_A_SENTENCE = Pattern.compile("[.!?…]$");

  public Problem {
    tried = Bounded.line(tried, Bounded.LINE);
    where = Bounded.line(where, Bounded.NAME);
    cameBack = Bounded.lines(cameBack, Bounded.ANSWER);
    remedy = Bounded.lines(remedy, Bounded.REMEDY);
    trace = Bounded.lastLines(trace, Bounded.TRACE, Bounded.NAME);
    page = Bounded.address(page);
  }

  /** A problem without trace and page. */
  public static Problem of(
      FailureKind kind, String tried, String where, String cameBack, String remedy) {
    return new Problem(kind, tried, where, cameBack, remedy, List.of(), null);
  }

  /** The same, with a sentence more on a line below what to do about it. */
  public Problem and(String more) {
    return new Problem(kind, tried, where, cameBack, remedy + "\n  " + more, trace, page);
  }

  /**
   * Whether trying the same again would end the same way: the remedy is to promote something else,
   * and names no order to go on.
   */
  public boolean needsAnotherPromotion() {
    return kind == FailureKind.USER
        && (remedy.contains("in a new commit") || remedy.contains("promote again"))
        && !remedy.contains("portage resume");
  }

  /** All of it in one paragraph, as in a log, in the Web UI and behind a failed command. */
  public String message() {
    return passages().stream().map(Passage::text).collect(Collectors.joining());
  }

  /** The same in one line, as within a notice: a sentence, then what to do about it. */
  public String line() {
    String reason =
        Bounded.line(
            head()
                + cameBack
                + " "
                + String.join(" ", trace)
                + (page == null ? "" : " (see " + page + ")"));
    return reason + (ENDS_A_SENTENCE.matcher(reason).find() ? " " : ". ") + Bounded.line(remedy);
  }

  /** The same in its parts: where there is little room, each is shortened in its own way. */
  public List<Passage> passages() {
    return Stream.concat(reason().stream(), Stream.of(new Passage("\n  " + remedy, Cut.NOTHING)))
        .toList();
  }

  /** The same without the remedy, for a page that shows it on its own. */
  public List<Passage> reason() {
    return List.of(
        new Passage(head(), Cut.NOTHING),
        new Passage(cameBack, Cut.MIDDLE),
        new Passage(
            trace.stream().map(line -> "\n    " + line).collect(Collectors.joining()),
            Cut.FIRST_LINES),
        new Passage(page == null ? "" : "\n  see " + page, Cut.ALL));
  }

  private String head() {
    return tried
        + (kind == FailureKind.CANCELLED ? " was ended in " : " failed in ")
        + where
        + ": ";
  }
}
