package dev.portage.copy;

/**
 * How far a copy is: the heartbeat's record, which carries no credential.
 *
 * @param phase what is being done
 * @param filesDone files finished in this phase
 * @param files files in all
 * @param bytesDone bytes finished in this phase
 * @param bytes bytes in all
 */
public record CopyProgress(Phase phase, long filesDone, long files, long bytesDone, long bytes) {

  /** Parts of the work, in order. */
  public enum Phase {
    DIGESTING,
    SENDING,
    READING_BACK
  }
}
