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
 * @param version version in the first workspace to promote, null unless given
 * @param runId run in the first workspace to promote, null unless given
 * @param reason why it is done again, null for a first time
 * @param fileName name of the file, for messages
 * @param fileText the file
 * @param fileHash SHA-256 of the file, as 64 hex digits
 * @param files paths of the commit's files below the file's folder; empty when there is no commit
 * @param startedBy who started it
 * @param committer who made the commit, null when unknown
 * @param build pipeline run, null when a person started it by hand
 * @param ancestry how the commit relates to the champions known at the start
 * @param allowOlder whether going back to an older commit is wanted
 * @param people addresses of everyone who had a hand in the commit: author, committer, co-authors,
 *     and those of the commits that it merged; also those of {@code authorship}, so that a worker
 *     that knows no more than this bars them; null when unknown, as in what earlier releases wrote
 * @param authorship who made what it brings along besides its commit; null if it was not checked,
 *     as in what earlier releases wrote
 * @param tableWrites lines of the commit that may write the table of predictions without its
 *     parameter, as "notebooks/score.py:42: saveAsTable("churn_predictions")"; null for none, when
 *     nobody looked, or from a writer that did not say
 * @param ancestors commits before its commit, as {@link dev.portage.underway.Ancestors} writes
 *     them; null when unknown, or from a writer that did not say
 * @param jobSettings the settings of the scoring job as JSON, of the file that {@code
 *     batch.settings} names; null for none
 * @param cases the cases of the smoke test as JSON, of the file that {@code serve.cases} names;
 *     null for none
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
    @Nullable Authorship authorship,
    @Nullable List<String> tableWrites,
    @Nullable String ancestors,
    @Nullable String jobSettings,
    @Nullable String cases) {

  public PromotionStart {
    files = List.copyOf(files);
    ancestry = List.copyOf(ancestry);
    people = people == null ? null : List.copyOf(people);
    tableWrites = tableWrites == null ? null : List.copyOf(tableWrites);
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

  /** The same, with who made what it brings along, and how its commit relates to the champions'. */
  public PromotionStart knowing(List<Ancestry> relations, Authorship who) {
    List<String> all = new ArrayList<>(people == null ? List.of() : people);
    who.people().forEach(one -> all.add(one.name()));
    return toBuilder()
        .ancestry(relations)
        .people(all.stream().distinct().toList())
        .authorship(who)
        .build();
  }

  /** What its settings are made of. */
  public SettingsOrder settingsOrder() {
    return new SettingsOrder(
        fileName,
        fileText,
        files,
        source == null ? null : source.requirements(),
        jobSettings,
        cases);
  }

  /** The promotion's workflow id. */
  public String workflowId() {
    return "promotion/" + model + "/" + key;
  }

  /** One to be filled in: of the model, key, file and starter nothing may be missing. */
  public static Builder of(String model, String key) {
    return new Builder(model, key);
  }

  /** This one, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(model, key);
    builder.commit = commit;
    builder.source = source;
    builder.version = version;
    builder.runId = runId;
    builder.reason = reason;
    builder.fileName = fileName;
    builder.fileText = fileText;
    builder.fileHash = fileHash;
    builder.files = files;
    builder.startedBy = startedBy;
    builder.committer = committer;
    builder.build = build;
    builder.ancestry = ancestry;
    builder.allowOlder = allowOlder;
    builder.people = people;
    builder.authorship = authorship;
    builder.tableWrites = tableWrites;
    builder.ancestors = ancestors;
    builder.jobSettings = jobSettings;
    builder.cases = cases;
    return builder;
  }

  /** Fills in the components by name; what is not named is null, empty or false. */
  public static final class Builder {
    private final String model;
    private String key;
    private @Nullable String commit;
    private @Nullable Source source;
    private @Nullable String version;
    private @Nullable String runId;
    private @Nullable String reason;
    private String fileName = "";
    private String fileText = "";
    private String fileHash = "";
    private List<String> files = List.of();
    private String startedBy = "";
    private @Nullable String committer;
    private @Nullable Build build;
    private List<Ancestry> ancestry = List.of();
    private boolean allowOlder;
    private @Nullable List<String> people;
    private @Nullable Authorship authorship;
    private @Nullable List<String> tableWrites;
    private @Nullable String ancestors;
    private @Nullable String jobSettings;
    private @Nullable String cases;

    private Builder(String model, String key) {
      this.model = model;
      this.key = key;
    }

    /** Its key. */
    public Builder key(String key) {
      this.key = key;
      return this;
    }

    /** The file, and its SHA-256 as 64 hex digits. */
    public Builder file(String name, String text, String hash) {
      this.fileName = name;
      this.fileText = text;
      this.fileHash = hash;
      return this;
    }

    /** Null for a version or a run of elsewhere. */
    public Builder commit(@Nullable String commit) {
      this.commit = commit;
      return this;
    }

    /** Where the commit is. */
    public Builder source(@Nullable Source source) {
      this.source = source;
      return this;
    }

    /** Version of the first workspace to promote. */
    public Builder version(@Nullable String version) {
      this.version = version;
      return this;
    }

    /** Run of the first workspace to promote. */
    public Builder runId(@Nullable String runId) {
      this.runId = runId;
      return this;
    }

    /** Why it is done again. */
    public Builder reason(@Nullable String reason) {
      this.reason = reason;
      return this;
    }

    /** Paths of the commit's files. */
    public Builder files(List<String> files) {
      this.files = files;
      return this;
    }

    /** Who started it. */
    public Builder startedBy(String startedBy) {
      this.startedBy = startedBy;
      return this;
    }

    /** Who made the commit. */
    public Builder committer(@Nullable String committer) {
      this.committer = committer;
      return this;
    }

    /** The pipeline run. */
    public Builder build(@Nullable Build build) {
      this.build = build;
      return this;
    }

    /** How the commit relates to the champions. */
    public Builder ancestry(List<Ancestry> ancestry) {
      this.ancestry = ancestry;
      return this;
    }

    /** Whether an older commit is wanted. */
    public Builder allowOlder(boolean allowOlder) {
      this.allowOlder = allowOlder;
      return this;
    }

    /** Everyone who had a hand in the commit. */
    public Builder people(@Nullable List<String> people) {
      this.people = people;
      return this;
    }

    /** Who made what it brings along. */
    public Builder authorship(@Nullable Authorship authorship) {
      this.authorship = authorship;
      return this;
    }

    /** Lines of the commit that may write the table of predictions. */
    public Builder tableWrites(@Nullable List<String> tableWrites) {
      this.tableWrites = tableWrites;
      return this;
    }

    /** Commits before its commit. */
    public Builder ancestors(@Nullable String ancestors) {
      this.ancestors = ancestors;
      return this;
    }

    /** The settings of the scoring job as JSON, where a file has them. */
    public Builder jobSettings(@Nullable String jobSettings) {
      this.jobSettings = jobSettings;
      return this;
    }

    /** The cases of the smoke test as JSON, where a file has them. */
    public Builder cases(@Nullable String cases) {
      this.cases = cases;
      return this;
    }

    /** What was filled in. */
    public PromotionStart build() {
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
          ancestry,
          allowOlder,
          people,
          authorship,
          tableWrites,
          ancestors,
          jobSettings,
          cases);
    }
  }
}
