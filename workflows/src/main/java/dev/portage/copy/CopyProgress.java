package dev.portage.copy;

import org.jspecify.annotations.Nullable;

/**
 * The progress of a copy: the heartbeat's record, which carries no credential.
 *
 * @param phase what is being done
 * @param filesDone files finished in this phase
 * @param files files in all
 * @param bytesDone bytes finished in this phase
 * @param bytes bytes in all
 * @param rate bytes a second since the phase began, null when it is too early to say
 * @param cursor which files, by their index in the manifest, were read back and found right, as
 *     "0-41,57"; the next attempt need not read them again. Null for none
 */
public record CopyProgress(
    Phase phase,
    long filesDone,
    long files,
    long bytesDone,
    long bytes,
    @Nullable Long rate,
    @Nullable String cursor) {

  /** Progress without rate and cursor. */
  public CopyProgress(Phase phase, long filesDone, long files, long bytesDone, long bytes) {
    this(phase, filesDone, files, bytesDone, bytes, null, null);
  }

  /** Parts of the work, in order. */
  public enum Phase {
    DIGESTING,
    SENDING,
    READING_BACK
  }
}
