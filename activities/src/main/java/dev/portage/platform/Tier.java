package dev.portage.platform;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How strict. The first tier that matches a model's name counts.
 *
 * @param name its name
 * @param models names of models, {@code *} standing for any letters
 * @param approve groups, one person of each of which has to approve; empty where nobody need be
 *     asked
 * @param expires time after which an undecided request counts as rejected
 * @param origin where it stands, as "portage.yaml:12"
 */
public record Tier(
    String name, List<String> models, List<String> approve, Duration expires, String origin) {

  /** The group that is asked where a tier names none: nobody is listed in it, so anybody counts. */
  public static final String ANYBODY = "approvers";

  /** Time to decide where a tier names none. */
  public static final Duration EXPIRES = Duration.ofDays(14);

  public Tier {
    models = List.copyOf(models);
    approve = List.copyOf(approve);
  }

  /** Whether it is this model's tier, as far as earlier tiers leave it. */
  public boolean matches(String model) {
    return models.stream().anyMatch(pattern -> matches(pattern, model));
  }

  private static boolean matches(String pattern, String model) {
    StringBuilder regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return model.matches(regex.toString());
  }
}
