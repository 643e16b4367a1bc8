package dev.portage.settings;

import java.util.List;

/**
 * A {@code promotion.yaml} to be merged with the platform's policy.
 *
 * @param fileName how the starter named the file, for messages
 * @param fileText the file itself, at most 64 KiB
 * @param files paths of the commit's files below the folder of {@code promotion.yaml}, for finding
 *     a missing notebook; empty when no commit is at hand
 */
public record SettingsOrder(String fileName, String fileText, List<String> files) {

  public SettingsOrder {
    files = List.copyOf(files);
  }
}
