package dev.portage.platform;

import dev.portage.settings.PromotionFile;
import dev.portage.settings.ServeLimits;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.WrittenDuration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a model is served, with the names that each workspace gives its endpoint. */
final class ServingInForce {

  private ServingInForce() {}

  /**
   * Serving in the first target; null for none.
   *
   * @param values gets every value in force
   */
  static @Nullable ServeSettings of(
      Platform platform, PromotionFile file, PathCheck check, ValuesInForce values) {
    ServeSettings given = file.serve();
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
}
