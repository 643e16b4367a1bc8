package dev.portage.settings;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a workspace of the platform file calls its things: full names, or the patterns that they
 * come from. Two entries at one address are two workspaces as long as none of their names meet.
 *
 * @param models registered models
 * @param experiments experiments of copies; null for none
 * @param tables tables of predictions; null where there are none
 * @param jobs scoring jobs; null where there are none
 * @param inputs the table that a promotion's predictions are made from; null where no rule names
 *     one. Two workspaces may read the same
 * @param endpoints serving endpoints; null where there are none
 */
public record WorkspaceNames(
    String models,
    @Nullable String experiments,
    @Nullable String tables,
    @Nullable String jobs,
    @Nullable String inputs,
    @Nullable String endpoints) {

  /** Without an endpoint. */
  public WorkspaceNames(
      String models,
      @Nullable String experiments,
      @Nullable String tables,
      @Nullable String jobs,
      @Nullable String inputs) {
    this(models, experiments, tables, jobs, inputs, null);
  }

  /** Without an input table and an endpoint. */
  public WorkspaceNames(
      String models, @Nullable String experiments, @Nullable String tables, @Nullable String jobs) {
    this(models, experiments, tables, jobs, null, null);
  }

  /** The same with an endpoint; null for none. */
  public WorkspaceNames serving(@Nullable String its) {
    return new WorkspaceNames(models, experiments, tables, jobs, inputs, its);
  }

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
            new Pair("endpoints", "serving endpoints", endpoints, other.endpoints, endpoints),
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

  /**
   * The first of these names that another workspace's patterns give to something of another model:
   * {@code qa-{model}} names model "churn" as {@code {model}} names model "qa-churn". Only the name
   * of the wider pattern is refused, so that one odd name doesn't keep all other models out.
   *
   * @param own patterns that these names come from
   * @param others patterns of the other workspace
   * @return empty when the other workspace would use none of them
   */
  public Optional<Meeting> isTakenBy(WorkspaceNames own, WorkspaceNames others) {
    return List.of(
            new Claim("models", "registered models", "{model}", models, own.models, others.models),
            new Claim(
                "endpoints",
                "serving endpoints",
                "{endpoint}",
                endpoints,
                own.endpoints,
                others.endpoints),
            new Claim("jobs", "scoring jobs", "{job}", jobs, own.jobs, others.jobs),
            new Claim("tables", "tables", "{table}", tables, own.tables, others.tables),
            new Claim(
                "experiments",
                "experiments",
                "{model}",
                inFolder(experiments),
                inFolder(own.experiments),
                inFolder(others.experiments)))
        .stream()
        .filter(Claim::isAnothers)
        .findFirst()
        .map(claim -> new Meeting(claim.key(), claim.what(), String.valueOf(claim.name())));
  }

  private record Claim(
      String key,
      String what,
      String placeholder,
      @Nullable String name,
      @Nullable String own,
      @Nullable String other) {

    boolean isAnothers() {
      return name != null
          && own != null
          && other != null
          && gives(other, name)
          && !gives(other, own.replace(placeholder, "\u0001"));
    }

    /** Whether a pattern makes this name of something; both ways of writing case are one. */
    private boolean gives(String pattern, String made) {
      String form = pattern.toLowerCase(Locale.ROOT);
      String text = made.toLowerCase(Locale.ROOT);
      int at = form.indexOf(placeholder);
      int places = form.split(Pattern.quote(placeholder), -1).length - 1;
      int letters = text.length() - (form.length() - places * placeholder.length());
      if (places == 0 || letters <= 0 || letters % places != 0) {
        return false;
      }
      String filling = text.substring(at, at + letters / places);
      return form.replace(placeholder, filling).equals(text);
    }
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
