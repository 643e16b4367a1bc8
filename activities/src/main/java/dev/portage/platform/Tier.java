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
 * @param approval who lets a promotion go live, and in what time
 * @param rollback groups that must each approve a rollback with one person; empty if nobody is
 *     asked
 * @param concurrency what becomes of several promotions of a model at once; null if it doesn't say
 * @param minRequests requests of others that each step of a cutover has to see; null for none
 * @param origin its place, such as "portage.yaml:12"
 */
public record Tier(
    String name,
    List<String> models,
    Approval approval,
    List<String> rollback,
    @Nullable Concurrency concurrency,
    @Nullable Integer minRequests,
    String origin) {

  /** The group that must approve if a tier names none: it lists nobody, so anyone counts. */
  public static final String ANYBODY = "approvers";

  /** Time to decide where a tier names none. */
  public static final Duration EXPIRES = Duration.ofDays(14);

  public Tier {
    models = List.copyOf(models);
    rollback = List.copyOf(rollback);
  }

  /**
   * Who lets a promotion go live, and in what time.
   *
   * @param approve groups that must each approve with one person; empty if nobody need approve
   * @param expires time after which an undecided request counts as rejected
   * @param escalateTo groups that may decide in place of any other from half of that time on; empty
   *     for none
   * @param breakGlass time in which a second person confirms that a promotion goes through a
   *     freeze; null if the tier doesn't say
   */
  public record Approval(
      List<String> approve,
      Duration expires,
      List<String> escalateTo,
      @Nullable Duration breakGlass) {

    public Approval {
      approve = List.copyOf(approve);
      escalateTo = List.copyOf(escalateTo);
    }
  }

  /** One without escalation, whose rollbacks need no approval. */
  public Tier(
      String name, List<String> models, List<String> approve, Duration expires, String origin) {
    this(
        name,
        models,
        new Approval(approve, expires, List.of(), null),
        List.of(),
        null,
        null,
        origin);
  }

  /** Groups that must each approve with one person; empty if nobody need approve. */
  public List<String> approve() {
    return approval.approve();
  }

  /** Time after which an undecided request counts as rejected. */
  public Duration expires() {
    return approval.expires();
  }

  /** Groups that may decide in place of any other from half of that time on; empty for none. */
  public List<String> escalateTo() {
    return approval.escalateTo();
  }

  /**
   * Time in which a second person confirms that a promotion goes through a freeze; null if it
   * doesn't say.
   */
  public @Nullable Duration breakGlass() {
    return approval.breakGlass();
  }

  /**
   * Whether it is this model's tier, unless an earlier tier matches. Ignores case, as Unity Catalog
   * does.
   */
  public boolean matches(String model) {
    return ModelPatterns.match(models, model);
  }
}
