package dev.portage.command;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.portage.failure.Problem;
import dev.portage.preflight.Finding;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A failure as the one JSON document of a command.
 *
 * @param id the promotion, null when the command is about none or it is not known yet
 * @param error what went wrong
 * @param exit the exit code
 */
record ErrorDocument(@Nullable String id, Details error, int exit) {

  /** After this, messages say what to do. */
  private static final String REMEDY = "; ";

  /**
   * What went wrong.
   *
   * @param code for programs
   * @param message for people: what was tried, and the response
   * @param remedy what to do
   */
  record Details(Code code, String message, String remedy) {

    /** What a preflight found missing; null if nothing is. */
    static @Nullable Details of(List<Finding> findings, String message) {
      List<Finding> failed =
          findings.stream().filter(finding -> finding.verdict() == Finding.Verdict.LACK).toList();
      if (failed.isEmpty()) {
        return null;
      }
      return new Details(
          Code.PREFLIGHT,
          message,
          failed.stream()
              .flatMap(finding -> Stream.ofNullable(finding.remedy()))
              .findFirst()
              .orElse(Code.PREFLIGHT.remedy));
    }

    /**
     * A problem of a workflow.
     *
     * @param exit the exit code: where the input is wrong, the request was refused
     */
    static Details of(Problem problem, int exit) {
      return new Details(
          exit == ExitCode.WRONG ? Code.REFUSED : Code.FAILED,
          problem.tried() + " failed in " + problem.where() + ": " + problem.cameBack(),
          problem.remedy());
    }
  }

  /** The kinds of failure that a program may want to distinguish. */
  enum Code {
    /** A command or option that does not exist, or does not fit. */
    USAGE("see: portage help"),
    /** {@code promotion.yaml}, or something that it names. */
    FILE("correct the file, commit it, and run the command again"),
    /** The Git checkout. */
    GIT("run: git status"),
    /** There is no such promotion. */
    NOT_FOUND("list promotions with: portage list"),
    /** Several promotions have that short id. */
    AMBIGUOUS("write more of the id"),
    /** A decision that does not count, or an order that can't be carried out as it was given. */
    REFUSED("see who may decide: portage report ID"),
    /** Something that a promotion needs is missing; nothing was started. */
    PREFLIGHT("see every check: portage doctor"),
    /** How Temporal is reached is set wrongly. */
    SETTINGS("correct the setting, or unset it"),
    /** Temporal, or every worker, is silent. */
    UNREACHABLE("see what is missing: portage doctor"),
    /** Temporal refused a call. */
    TEMPORAL("see what is missing: portage doctor"),
    /** The request was carried out, and failed. */
    FAILED("see: portage report ID"),
    INTERRUPTED("run the command again"),
    /** A bug. */
    INTERNAL("run the command again with PORTAGE_TRACE=1 and report the output");

    private final String remedy;

    Code(String remedy) {
      this.remedy = remedy;
    }

    @JsonValue
    String typed() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The document for a message. The remedy follows its first semicolon; a message without one, or
   * with several lines, gets the remedy for its kind.
   */
  static ErrorDocument of(@Nullable String id, Code code, String text, int exit) {
    String message = text.strip();
    int end = message.indexOf('\n') < 0 ? message.indexOf(REMEDY) : -1;
    return end < 0
        ? new ErrorDocument(id, new Details(code, message, code.remedy), exit)
        : new ErrorDocument(
            id,
            new Details(code, message.substring(0, end), message.substring(end + REMEDY.length())),
            exit);
  }
}
