package dev.portage.promotion;

import dev.portage.gate.Ancestry;
import dev.portage.identity.Authorship;
import dev.portage.identity.Involved;
import dev.portage.job.Source;
import dev.portage.settings.SettingsOrder;
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
 *     and those of the commits that it merged; also those of {@code authorship}, so that a worker
 *     that knows no more than this bars them; null when unknown, as in what earlier releases wrote
 * @param authorship who made what it brings along beside its commit; null when nobody looked, as in
 *     what earlier releases wrote
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
    @Nullable List<String> people,
    @Nullable Authorship authorship) {

  public PromotionStart {
    files = List.copyOf(files);
    ancestry = List.copyOf(ancestry);
    people = people == null ? null : List.copyOf(people);
  }

  /** One of which no more is known than who made its commit. */
  public PromotionStart(
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
    this(
        model,
        key,
        commit,
        source,
        version,
        runId,
        reason,
        fileName,
        fileText,
        fileHash,
        files,
        startedBy,
        committer,
        build,
        ancestry,
        allowOlder,
        people,
        null);
  }

  /** Who had a hand in the change, and so may not approve it. */
  public List<Involved> involved() {
    List<Involved> involved = new ArrayList<>();
    involved.add(new Involved(Involved.Hand.STARTED, startedBy));
    if (committer != null) {
      involved.add(new Involved(Involved.Hand.COMMITTED, committer));
    }
    List<Involved> others = authorship == null ? List.of() : authorship.people();
    if (people != null) {
      people.stream()
          .filter(name -> others.stream().noneMatch(other -> other.name().equals(name)))
          .forEach(name -> involved.add(new Involved(Involved.Hand.TOOK_PART, name)));
    }
    involved.addAll(others);
    return List.copyOf(involved);
  }

  /**
   * The same, knowing who made what it brings along, and how its commit stands to the champions'.
   */
  public PromotionStart knowing(List<Ancestry> relations, Authorship who) {
    List<String> all = new ArrayList<>(people == null ? List.of() : people);
    who.people().forEach(one -> all.add(one.name()));
    return new PromotionStart(
        model,
        key,
        commit,
        source,
        version,
        runId,
        reason,
        fileName,
        fileText,
        fileHash,
        files,
        startedBy,
        committer,
        build,
        relations,
        allowOlder,
        all.stream().distinct().toList(),
        who);
  }

  /** What its settings are made of. */
  public SettingsOrder settingsOrder() {
    return new SettingsOrder(
        fileName, fileText, files, source == null ? null : source.requirements());
  }

  /** The promotion's workflow id. */
  public String workflowId() {
    return "promotion/" + model + "/" + key;
  }
}
