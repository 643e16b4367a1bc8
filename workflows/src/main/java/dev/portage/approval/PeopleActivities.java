package dev.portage.approval;

import io.temporal.activity.ActivityInterface;

/**
 * Reads from the platform file who is who. On task queue {@code portage}: every worker has that
 * file, and no secret is read.
 */
@ActivityInterface
public interface PeopleActivities {

  /** Who the names belong to, and which of them are in the groups, as the file says now. */
  People people(PeopleQuery query);
}
