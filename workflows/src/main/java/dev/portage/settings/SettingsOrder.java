package dev.portage.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Order to merge a {@code promotion.yaml} with the platform's policy.
 *
 * @param fileName how the starter named the file, for messages
 * @param fileText the file itself, at most 64 KiB
 * @param files paths of the commit's files below the folder of {@code promotion.yaml}, for finding
 *     a missing notebook; empty if there is no commit
 * @param requirements the commit's requirements files by path, without comments; null for none
 * @param jobSettings the settings of the scoring job as JSON, of the file that {@code
 *     batch.settings} names; at most 32 KiB, null for none
 * @param cases the cases of the smoke test as JSON, of the file that {@code serve.cases} names; at
 *     most 32 KiB, null for none
 */
public record SettingsOrder(
    String fileName,
    String fileText,
    List<String> files,
    @Nullable Map<String, String> requirements,
    @Nullable String jobSettings,
    @Nullable String cases) {

  public SettingsOrder {
    files = List.copyOf(files);
    requirements = requirements == null ? null : Map.copyOf(requirements);
  }

  /** Without requirements files. */
  public SettingsOrder(String fileName, String fileText, List<String> files) {
    this(fileName, fileText, files, null, null, null);
  }

  /** Without the settings of a job. */
  public SettingsOrder(
      String fileName,
      String fileText,
      List<String> files,
      @Nullable Map<String, String> requirements) {
    this(fileName, fileText, files, requirements, null, null);
  }

  /** Without cases. */
  public SettingsOrder(
      String fileName,
      String fileText,
      List<String> files,
      @Nullable Map<String, String> requirements,
      @Nullable String jobSettings) {
    this(fileName, fileText, files, requirements, jobSettings, null);
  }
}
