package dev.portage.platform;

import dev.portage.rollback.RollbackQuery;
import dev.portage.rollback.RollbackSettings;
import dev.portage.rollback.RollbackSettingsActivities;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resolves a rollback, as typed, with the platform file. */
public final class RollbackRequests implements RollbackSettingsActivities {

  /** Everyone else waits for the turn meanwhile. */
  private static final Duration RETRY_TIMEOUT = Duration.ofMinutes(10);

  /** What was live when it was asked for may be long gone after that. */
  private static final Duration LONGEST_REQUEST = Duration.ofDays(1);

  private final PlatformSource source;

  /** Reads this platform file anew for each call. */
  public RollbackRequests(PlatformSource source) {
    this.source = source;
  }

  @Override
  public RollbackSettings rollbackSettings(RollbackQuery query) {
    Platform platform = source.platform();
    TypedNames names = new TypedNames(platform, "roll back " + query.model());
    List<String> path = platform.path();
    String named = query.workspace() == null ? path.getLast() : query.workspace();
    Workspace target = names.workspace("--workspace", named);
    List<String> targets = path.subList(1, path.size());
    if (!targets.contains(target.name())) {
      throw names.wrong(
          "nothing is released into workspace "
              + target.name()
              + (target.name().equals(path.getFirst())
                  ? ", the first one of the path " + String.join(" → ", path)
                  : ", which is not on the path " + String.join(" → ", path)),
          String.join(", ", targets));
    }
    String model = names.model(target, query.model());
    Tier tier =
        platform
            .tierOf(model, target.model(model))
            .orElseThrow(() ->
                names.wrong(
                    "no tier matches model \"" + model + "\", so nothing says who may roll it back",
                    "models that match "
                        + String.join(
                            ", ",
                            platform.tiers().stream()
                                .flatMap(each -> each.models().stream())
                                .toList())));
    return new RollbackSettings(
        model,
        target.station(model),
        target.name().equals(path.getLast()) ? origin(platform, model) : null,
        tier.rollback().isEmpty() ? null : policy(platform, tier),
        platform.receiversOf(model, target.model(model)).stream()
            .map(Receiver::forPromotions)
            .toList(),
        RETRY_TIMEOUT);
  }

  private static @Nullable Station origin(Platform platform, String model) {
    return platform
        .workspace(platform.path().getFirst())
        .filter(first -> first.allowsModel(model))
        .map(first -> first.station(model))
        .orElse(null);
  }

  private static ApprovalPolicy policy(Platform platform, Tier tier) {
    Map<String, List<String>> members = new HashMap<>();
    for (String group : tier.rollback()) {
      List<String> people = platform.groups().get(group);
      if (people != null) {
        members.put(group, people);
      }
    }
    Duration expires =
        tier.expires().compareTo(LONGEST_REQUEST) < 0 ? tier.expires() : LONGEST_REQUEST;
    return new ApprovalPolicy(tier.name(), tier.rollback(), members, expires);
  }
}
