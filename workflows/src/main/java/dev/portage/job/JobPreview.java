package dev.portage.job;

import java.util.List;

/**
 * What applying a {@link JobOrder} would change in a job.
 *
 * @param changes settings that change, by name; what stays as it is is left out
 */
public record JobPreview(List<SettingChange> changes) {
  public JobPreview {
    changes = List.copyOf(changes);
  }
}
