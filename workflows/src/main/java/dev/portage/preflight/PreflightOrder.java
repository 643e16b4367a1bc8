package dev.portage.preflight;

import dev.portage.job.Source;
import dev.portage.settings.SettingsOrder;
import org.jspecify.annotations.Nullable;

/**
 * What a preflight checks.
 *
 * @param file the promotion's file, null for the doctor, who inspects every workspace of the
 *     platform file
 * @param promotion id of the promotion that it is for, null without
 * @param fileHash SHA-256 of the file, null without
 * @param version version to promote that was trained elsewhere, null otherwise
 * @param runId run to promote that was trained elsewhere, null otherwise
 * @param commit full id of the commit whose code runs; null if there is none, and from a writer
 *     that did not say
 * @param source commit that workspaces would read, null where there is none, or from a writer that
 *     did not say
 */
public record PreflightOrder(
    @Nullable SettingsOrder file,
    @Nullable String promotion,
    @Nullable String fileHash,
    @Nullable String version,
    @Nullable String runId,
    @Nullable String commit,
    @Nullable Source source) {

  /** Without a commit. */
  public PreflightOrder(
      @Nullable SettingsOrder file,
      @Nullable String promotion,
      @Nullable String fileHash,
      @Nullable String version,
      @Nullable String runId) {
    this(file, promotion, fileHash, version, runId, null, null);
  }

  /** Looks for no run. */
  public PreflightOrder(
      @Nullable SettingsOrder file,
      @Nullable String promotion,
      @Nullable String fileHash,
      @Nullable String version) {
    this(file, promotion, fileHash, version, null, null, null);
  }
}
