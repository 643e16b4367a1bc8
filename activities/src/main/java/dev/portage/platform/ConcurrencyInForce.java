package dev.portage.platform;

import dev.portage.document.ValidationError;
import dev.portage.settings.Concurrency;
import dev.portage.settings.PromotionFile;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of several promotions of a model at once: the strictest of what the platform file
 * says of the tier and of each target, which a {@code promotion.yaml} only tightens.
 */
final class ConcurrencyInForce {

  private static final String NAME = "concurrency";

  private ConcurrencyInForce() {}

  /**
   * A policy of the platform.
   *
   * @param policy what it is
   * @param origin file and line that say so, or "default"
   */
  private record Demanded(Concurrency policy, String origin) {}

  /** The policy in force, which is also listed. */
  static Concurrency of(
      Platform platform,
      PromotionFile file,
      List<Workspace> targets,
      Tier tier,
      ValuesInForce values) {
    Demanded demanded = demanded(platform, targets, tier);
    Concurrency inForce = demanded.policy().and(file.concurrency());
    values.add(NAME, inForce.word(), demanded.origin());
    return inForce;
  }

  /** A file that asks for less than the platform demands is refused. */
  static List<ValidationError> errors(
      Platform platform, PromotionFile file, List<Workspace> targets, Tier tier) {
    Concurrency asked = file.concurrency();
    Demanded demanded = demanded(platform, targets, tier);
    if (asked == null || asked.compareTo(demanded.policy()) >= 0) {
      return List.of();
    }
    String place = file.origin(NAME).orElse(file.fileName() + ":1");
    return List.of(
        new ValidationError(
            file.fileName(),
            Integer.parseInt(place.substring(place.lastIndexOf(':') + 1)),
            "/" + NAME,
            "concurrency is "
                + asked.word()
                + ", which is looser than "
                + demanded.policy().word()
                + " in "
                + demanded.origin(),
            demanded.policy() == Concurrency.QUEUE ? "queue or refuse" : "refuse",
            "leave it out"));
  }

  private static Demanded demanded(Platform platform, List<Workspace> targets, Tier tier) {
    Demanded strictest = new Demanded(Concurrency.SUPERSEDE, ValuesInForce.DEFAULT);
    strictest =
        stricter(
            strictest,
            Optional.ofNullable(tier.concurrency()),
            platform.origin("tiers." + tier.name() + "." + NAME));
    for (Workspace target : targets) {
      strictest =
          stricter(
              strictest,
              Optional.ofNullable(target.concurrency()),
              platform.origin("workspaces." + target.name() + "." + NAME));
    }
    return strictest;
  }

  private static Demanded stricter(Demanded one, Optional<Concurrency> other, String origin) {
    return other
        .filter(policy ->
            policy.compareTo(one.policy()) > 0 || one.origin().equals(ValuesInForce.DEFAULT))
        .map(policy -> new Demanded(policy, origin))
        .orElse(one);
  }
}
