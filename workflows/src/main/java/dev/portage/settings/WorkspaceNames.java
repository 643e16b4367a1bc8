package dev.portage.settings;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a workspace of the platform file calls its things: full names, or the patterns that they
 * come from. Two entries at one address are two workspaces as long as none of their names meet.
 *
 * @param models registered models
 * @param experiments experiments of copies; null for none
 * @param tables tables of predictions; null where there are none
 * @param jobs scoring jobs; null where there are none
 */
public record WorkspaceNames(
    String models, @Nullable String experiments, @Nullable String tables, @Nullable String jobs) {

  private static final String FOLDERS = "/Workspace/";

  /**
   * A name that two workspaces would both use.
   *
   * @param key of the platform file that says it
   * @param what it names, in the plural
   * @param name the name, or the pattern
   */
  public record Meeting(String key, String what, String name) {

    /** As a message says it. */
    public String text() {
      return what + " \"" + name + "\"";
    }
  }

  /**
   * The first name that both would use, in the order of what would be lost: the one place that says
   * when two workspaces at one address are the same.
   *
   * @return empty when they share nothing
   */
  public Optional<Meeting> meets(WorkspaceNames other) {
    return List.of(
            new Pair("models", "registered models", folded(models), folded(other.models), models),
            new Pair("jobs", "scoring jobs", jobs, other.jobs, jobs),
            new Pair("tables", "tables", folded(tables), folded(other.tables), tables),
            new Pair(
                "experiments",
                "experiments",
                inFolder(experiments),
                inFolder(other.experiments),
                experiments))
        .stream()
        .filter(Pair::isOne)
        .findFirst()
        .map(pair -> new Meeting(pair.key(), pair.what(), String.valueOf(pair.shown())));
  }

  private record Pair(
      String key,
      String what,
      @Nullable String one,
      @Nullable String other,
      @Nullable String shown) {

    boolean isOne() {
      return one != null && Objects.equals(one, other);
    }
  }

  /** Names of models and tables differ in more than case, or not at all. */
  private static @Nullable String folded(@Nullable String name) {
    return name == null ? null : name.toLowerCase(Locale.ROOT);
  }

  /** The same path may be written with {@code /Workspace} in front. */
  private static @Nullable String inFolder(@Nullable String name) {
    return name != null && name.startsWith(FOLDERS) ? name.substring(FOLDERS.length() - 1) : name;
  }
}
