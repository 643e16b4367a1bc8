package dev.portage.platform;

import dev.portage.document.ValidationError;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.WrittenDuration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a model is served, with the names that each workspace gives its endpoint, and the traffic
 * that its tier demands: a {@code promotion.yaml} only asks for more.
 */
final class ServingInForce {

  private static final String MIN_REQUESTS = "min-requests";

  private ServingInForce() {}

  /**
   * A file is refused that asks for fewer requests than its tier demands, or for a size that a
   * target's cloud has no machines for.
   */
  static List<ValidationError> errors(
      Platform platform, PromotionFile file, List<Workspace> targets, Tier tier) {
    List<ValidationError> errors = new ArrayList<>(tooFewRequests(platform, file, tier));
    errors.addAll(sizes(file, targets));
    return errors;
  }

  private static List<ValidationError> sizes(PromotionFile file, List<Workspace> targets) {
    ServeSettings serve = file.serve();
    if (serve == null) {
      return List.of();
    }
    List<ValidationError> errors = new ArrayList<>();
    for (Workspace target : targets) {
      Cloud.of(target.host())
          .filter(cloud -> !cloud.offers(serve.size()))
          .ifPresent(cloud ->
              errors.add(
                  error(
                      file,
                      "size",
                      "serve.size is "
                          + serve.size().written()
                          + ", which Databricks doesn't offer on "
                          + cloud.words()
                          + ", where workspace "
                          + target.name()
                          + " ("
                          + target.origin()
                          + ") is",
                      cloud.offered(),
                      "see GPU workload types at " + cloud.page())));
    }
    return errors;
  }

  private static List<ValidationError> tooFewRequests(
      Platform platform, PromotionFile file, Tier tier) {
    ServeSettings serve = file.serve();
    Integer demanded = tier.minRequests();
    Integer asked = serve == null ? null : serve.limits().minRequests();
    if (asked == null || demanded == null || asked >= demanded) {
      return List.of();
    }
    return List.of(
        error(
            file,
            "limits." + MIN_REQUESTS,
            "serve.limits."
                + MIN_REQUESTS
                + " is "
                + asked
                + ", which is less than "
                + demanded
                + " in "
                + origin(platform, tier),
            "at least " + demanded,
            "leave it out"));
  }

  /** At its line of the file. */
  private static ValidationError error(
      PromotionFile file, String key, String what, String allowed, String remedy) {
    String place = file.origin("serve." + key).orElse(file.fileName() + ":1");
    return new ValidationError(
        file.fileName(),
        Integer.parseInt(place.substring(place.lastIndexOf(':') + 1)),
        "/serve/" + key.replace('.', '/'),
        what,
        allowed,
        remedy);
  }

  private static String origin(Platform platform, Tier tier) {
    return platform.origin("tiers." + tier.name() + "." + MIN_REQUESTS);
  }

  /**
   * Serving in the first target; null for none.
   *
   * @param values gets every value in force
   */
  static @Nullable ServeSettings of(
      Platform platform, PromotionFile file, PathCheck check, Tier tier, ValuesInForce values) {
    ServeSettings given = demanding(file.serve(), tier.minRequests());
    if (given == null) {
      return null;
    }
    ServeSettings serve = given.named(check.targets().getFirst().endpoint(given.endpoint()));
    ServeLimits limits = serve.limits();
    values
        .add("serve.endpoint", given.endpoint(), ValuesInForce.DEFAULT)
        .add("serve.size", serve.size().written(), ValuesInForce.DEFAULT)
        .add("serve.scale-to-zero", serve.scaleToZero().toString(), ValuesInForce.DEFAULT)
        .add(
            "serve.steps",
            serve.steps().stream().map(String::valueOf).collect(Collectors.joining(" ")),
            ValuesInForce.DEFAULT)
        .add("serve.timeout", serve.timeout(), ValuesInForce.DEFAULT)
        .add("serve.soak", WrittenDuration.text(serve.soak()), ValuesInForce.DEFAULT)
        .addIfSet("serve.limits." + MIN_REQUESTS, limits.minRequests(), origin(platform, tier))
        .addIfSet(
            "serve.longest-soak",
            limits.minRequests() == null ? null : WrittenDuration.text(serve.longestSoak()),
            ValuesInForce.DEFAULT)
        .add(
            "serve.limits.errors",
            ServeLimits.percent(limits.errorsAllowed()),
            ValuesInForce.DEFAULT)
        .add("serve.keep", serve.keep().toString(), ValuesInForce.DEFAULT);
    for (Workspace target : check.targets()) {
      String own = target.endpoint(given.endpoint());
      if (!own.equals(given.endpoint())) {
        values.add(
            target.name() + ".endpoint",
            own,
            platform.origin("workspaces." + target.name() + ".endpoints"));
      }
    }
    return serve;
  }

  private static @Nullable ServeSettings demanding(
      @Nullable ServeSettings serve, @Nullable Integer demanded) {
    if (serve == null || demanded == null || serve.limits().minRequests() != null) {
      return serve;
    }
    return serve.toBuilder().limits(serve.limits().withMinRequests(demanded)).build();
  }
}
