package dev.portage.preflight;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What the platform file says about workspaces, without secrets. On task queue {@code portage}. */
@ActivityInterface
public interface PlatformActivities {

  /** Names of all workspaces, in order of the path. */
  List<String> workspaces();
}
