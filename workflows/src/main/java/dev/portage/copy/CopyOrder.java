package dev.portage.copy;

import dev.portage.candidate.Candidate;
import dev.portage.candidate.ModelLocation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An order to copy a candidate into a run in the target.
 *
 * @param candidate what is carried; its manifest decides which bytes are right
 * @param source where the bytes are read: the origin, or the hop before
 * @param target workspace they go to
 * @param experiment experiment of the target's run
 * @param key from workflow id and hop; kept in the run's tag {@code portage_key}
 * @param tags further tags of the target's run, lineage among them
 * @param verify how the target is held against the manifest, null for {@link Verify#FULL}
 * @param formerKey key by which an earlier release may have made the same copy, null for none
 */
public record CopyOrder(
    Candidate candidate,
    ModelLocation source,
    String target,
    String experiment,
    String key,
    Map<String, String> tags,
    @Nullable Verify verify,
    @Nullable String formerKey) {

  public CopyOrder {
    tags = Map.copyOf(tags);
  }

  /** A copy that no other release can have made. */
  public CopyOrder(
      Candidate candidate,
      ModelLocation source,
      String target,
      String experiment,
      String key,
      Map<String, String> tags,
      @Nullable Verify verify) {
    this(candidate, source, target, experiment, key, tags, verify, null);
  }

  /** The same copy, which an earlier release may have made by another key. */
  public CopyOrder formerly(@Nullable String otherKey) {
    return new CopyOrder(candidate, source, target, experiment, key, tags, verify, otherKey);
  }

  /** A copy that is read back whole. */
  public CopyOrder(
      Candidate candidate,
      ModelLocation source,
      String target,
      String experiment,
      String key,
      Map<String, String> tags) {
    this(candidate, source, target, experiment, key, tags, null);
  }

  /** How the target is held against the manifest. */
  public Verify verifyOrFull() {
    return verify == null ? Verify.FULL : verify;
  }
}
