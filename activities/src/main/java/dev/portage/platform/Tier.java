package dev.portage.platform;

import dev.portage.settings.Concurrency;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How strict the rules are. The first tier that matches the model's name, or its registered
 * model's, applies: nobody gets a looser tier through another name for the same thing.
 *
 * @param name its name
 * @param models names of models, {@code *} standing for any letters
 * @param approve groups that must each approve with one person; empty if nobody need approve
 * @param expires time after which an undecided request counts as rejected
 * @param escalateTo groups that may decide in place of any other from half of that time on; empty
 *     for none
 * @param rollback groups that must each approve a rollback with one person; empty if nobody is
 *     asked
 * @param concurrency what becomes of several promotions of a model at once; null if it doesn't say
 * @param breakGlass time in which a second person confirms that a promotion goes through a freeze;
 *     null if it doesn't say
 * @param origin its place, such as "portage.yaml:12"
 */
public record Tier(
    String name,
    List<String> models,
    List<String> approve,
    Duration expires,
    List<String> escalateTo,
    List<String> rollback,
    @Nullable Concurrency concurrency,
    @Nullable Duration breakGlass,
    String origin) {

  /** The group that must approve if a tier names none: it lists nobody, so anyone counts. */
  public static final String ANYBODY = "approvers";

  /** Time to decide where a tier names none. */
  public static final Duration EXPIRES = Duration.ofDays(14);

  public Tier {
    models = List.copyOf(models);
    approve = List.copyOf(approve);
    escalateTo = List.copyOf(escalateTo);
    rollback = List.copyOf(rollback);
  }

  /** One without escalation, whose rollbacks need no approval. */
  public Tier(
      String name, List<String> models, List<String> approve, Duration expires, String origin) {
    this(name, models, approve, expires, List.of(), List.of(), null, null, origin);
  }

  /**
   * Whether it is this model's tier, unless an earlier tier matches. Ignores case, as Unity Catalog
   * does.
   */
  public boolean matches(String model) {
    return ModelPatterns.match(models, model);
  }
}
