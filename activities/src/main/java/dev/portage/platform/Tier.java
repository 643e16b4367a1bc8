package dev.portage.platform;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How strict the rules are. The first tier that matches the model's name, or its registered
 * model's, applies: nobody gets a looser tier through another name for the same thing.
 *
 * @param name its name
 * @param models names of models, {@code *} standing for any letters
 * @param approve groups that must each approve with one person; empty if nobody need approve
 * @param expires time after which an undecided request counts as rejected
 * @param origin its place, such as "portage.yaml:12"
 */
public record Tier(
    String name, List<String> models, List<String> approve, Duration expires, String origin) {

  /** The group that must approve if a tier names none: it lists nobody, so anyone counts. */
  public static final String ANYBODY = "approvers";

  /** Time to decide where a tier names none. */
  public static final Duration EXPIRES = Duration.ofDays(14);

  public Tier {
    models = List.copyOf(models);
    approve = List.copyOf(approve);
  }

  /**
   * Whether it is this model's tier, unless an earlier tier matches. Ignores case, as Unity Catalog
   * does.
   */
  public boolean matches(String model) {
    String name = model.toLowerCase(Locale.ROOT);
    return models.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name));
  }

  private static boolean matches(String pattern, String model) {
    // Each literal at its first place: a pattern of many stars as a regular expression would try
    // every way to share the letters out.
    String[] literals = pattern.split("\\*", -1);
    String last = literals[literals.length - 1];
    if (literals.length == 1) {
      return model.equals(pattern);
    }
    int at = literals[0].length();
    if (!model.startsWith(literals[0])) {
      return false;
    }
    for (int i = 1; i < literals.length - 1; i++) {
      int found = model.indexOf(literals[i], at);
      if (found < 0) {
        return false;
      }
      at = found + literals[i].length();
    }
    return model.length() - at >= last.length() && model.endsWith(last);
  }
}
