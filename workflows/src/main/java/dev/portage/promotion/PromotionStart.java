package dev.portage.promotion;

import dev.portage.gate.Ancestry;
import dev.portage.identity.Involved;
import dev.portage.job.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion starts with.
 *
 * @param model name of the model, as in the file
 * @param key first 12 digits of the commit, {@code v<version>} or {@code r<run>}; with {@code /2}
 *     for a wanted repeat
 * @param commit full id of the commit, null when the model was trained elsewhere
 * @param source where notebooks come from, null when there is no commit
 * @param version version of the first workspace to promote, null unless asked for
 * @param runId run of the first workspace to promote, null unless asked for
 * @param reason why it is done again, null for a first time
 * @param fileName name of the file, for messages
 * @param fileText the file
 * @param fileHash SHA-256 of the file, as 64 hex digits
 * @param files paths of the commit's files below the file's folder; empty when there is no commit
 * @param startedBy who started it
 * @param committer who made the commit, null when unknown
 * @param build pipeline run, null when a person started it by hand
 * @param ancestry how the commit stands to the champions known at the start
 * @param allowOlder whether going back to an older commit is wanted
 * @param people addresses of everybody who had a hand in the commit: author, committer, co-authors,
 *     and those of the commits that it merged; null when unknown, as in what earlier releases wrote
 */
public record PromotionStart(
    String model,
    String key,
    @Nullable String commit,
    @Nullable Source source,
    @Nullable String version,
    @Nullable String runId,
    @Nullable String reason,
    String fileName,
    String fileText,
    String fileHash,
    List<String> files,
    String startedBy,
    @Nullable String committer,
    @Nullable Build build,
    List<Ancestry> ancestry,
    boolean allowOlder,
    @Nullable List<String> people) {

  public PromotionStart {
    files = List.copyOf(files);
    ancestry = List.copyOf(ancestry);
    people = people == null ? null : List.copyOf(people);
  }

  /** Who had a hand in the change, and so may not approve it. */
  public List<Involved> involved() {
    List<Involved> involved = new ArrayList<>();
    involved.add(new Involved(Involved.Hand.STARTED, startedBy));
    if (committer != null) {
      involved.add(new Involved(Involved.Hand.COMMITTED, committer));
    }
    if (people != null) {
      people.forEach(name -> involved.add(new Involved(Involved.Hand.TOOK_PART, name)));
    }
    return List.copyOf(involved);
  }

  /** The promotion's workflow id. */
  public String workflowId() {
    return "promotion/" + model + "/" + key;
  }
}
