package dev.portage.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change.
 *
 * @param step step that will make it, such as "prod/champion"
 * @param what thing that changes, such as "alias champion of churn in prod"
 * @param now how it is, such as "version 3" or "nothing"
 * @param then how it will be, such as "<new version>"
 */
public record Action(String step, String what, String now, String then) {

  /**
   * Now, as people read it: not what is recorded, since decisions are bound to that.
   *
   * @param versions the plan's {@link Plan#versions}
   */
  public String shownNow(@Nullable String versions) {
    if (!now.equals(Planner.VERSIONS)) {
      return now;
    }
    if (versions == null) {
      return "any existing versions";
    }
    boolean single = versions.chars().allMatch(Character::isDigit);
    return (single ? "version " : "versions ") + versions;
  }

  /**
   * How it will be, as people read it: one fact after another.
   *
   * @param versions the plan's {@link Plan#versions}
   */
  public List<String> facts(@Nullable String versions) {
    return List.of(shownThen(versions).split("; ", -1));
  }

  /**
   * How it will be, as people read it.
   *
   * @param versions the plan's {@link Plan#versions}
   */
  public String shownThen(@Nullable String versions) {
    return now.equals(Planner.VERSIONS)
        ? (versions == null ? "the same" : shownNow(versions)) + " and a new one"
        : then;
  }
}
