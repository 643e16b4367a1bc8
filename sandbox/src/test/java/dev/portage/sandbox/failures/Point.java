package dev.portage.sandbox.failures;

import dev.portage.sandbox.Gate.Call;
import java.util.List;
import java.util.Set;

/**
 * Where it goes wrong: the call that a step is about. A row of the matrix.
 *
 * @param operation such as "promotion"
 * @param name the step, and more if that has several such calls: "prod/batch job"
 * @param steps steps that the workflow may say it is in meanwhile
 * @param call which call it is
 * @param kind what the call does
 * @param turn whether the turn is held meanwhile, or is being given
 */
public record Point(
    String operation, String name, Set<String> steps, Which call, Kind kind, boolean turn) {

  /** What a call does. */
  public enum Kind {
    READS,
    /** What a repetition would create twice. */
    CREATES,
    /** What a repetition sets once more. */
    SETS,
    /** It doesn't come, since a tiny team has nothing of that kind. */
    NOTHING,
    /** No call, but something that goes wrong by itself: {@link Fault#TROUBLE} alone. */
    TROUBLE,
    /** The same where it strikes others as well, and so is played alone. */
    TROUBLE_OF_ALL
  }

  /**
   * A call.
   *
   * @param workspace whose
   * @param method HTTP method
   * @param path end of its path
   * @param mentions texts that are all in its path, query or body
   */
  public record Which(String workspace, String method, String path, List<String> mentions) {

    /** One that mentions all of these. */
    public static Which of(String workspace, String method, String path, String... mentions) {
      return new Which(workspace, method, path, List.of(mentions));
    }

    boolean is(Call call) {
      return call.workspace().equals(workspace)
          && call.method().equals(method)
          && call.path().endsWith(path)
          && mentions.stream().allMatch(text -> Point.mentions(call, text));
    }
  }

  /** Something that goes wrong by itself in a step. */
  static Point trouble(String operation, String name, String step, Kind kind) {
    return new Point(
        operation, name, Set.of(step), new Which("none", "none", "none", List.of()), kind, true);
  }

  /** Whether it is no call. */
  public boolean isTrouble() {
    return kind == Kind.TROUBLE || kind == Kind.TROUBLE_OF_ALL;
  }

  /** Whether it is this point's call, for any model. */
  public boolean isAt(Call made) {
    return call.is(made);
  }

  static boolean mentions(Call call, String text) {
    return call.path().contains(text) || call.query().contains(text) || call.text().contains(text);
  }
}
