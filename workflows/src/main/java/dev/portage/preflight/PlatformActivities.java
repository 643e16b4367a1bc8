package dev.portage.preflight;

import dev.portage.settings.Station;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What the platform file says about workspaces, without secrets. On task queue {@code portage}. */
@ActivityInterface
public interface PlatformActivities {

  /** Names of all workspaces, in order of the path. */
  List<String> workspaces();

  /**
   * All workspaces in order of the path, as a model uses them: how commands that are about a model,
   * and not about a promotion, learn what it is called where.
   *
   * @param model its name in {@code promotion.yaml} or its {@code registered-as}; also the full
   *     name of the registered model in one of the workspaces
   */
  List<Station> stations(String model);
}
