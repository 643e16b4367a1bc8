package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.DocumentSchema;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a scoring job that a team keeps as a file in its repository ({@code
 * batch.settings}): JSON or YAML, as the Jobs API takes them, with {@link JobPlaces}.
 */
public final class JobFile {

  /**
   * Of the file, and of what is sent of it: together with a promotion.yaml, the commit's files and
   * a page it has to fit into history.
   */
  public static final int MAX_BYTES = 32 * 1024;

  /** What a file says of Portage's own tags is no secret, though a hash looks like one. */
  private static final Pattern OWN_TAGS =
      Pattern.compile(
          "(?m)^[ \\t]*+\"?portage_\\w++\"?[ \\t]*+:[ \\t]*+\"?[a-z2-7]{1,63}+\"?,?[ \\t\\r]*+$");

  private final YamlDocument document;
  private final JsonNode settings;
  private final @Nullable String gitUrl;
  private final List<String> notes;

  private JobFile(
      YamlDocument document, JsonNode settings, @Nullable String gitUrl, List<String> notes) {
    this.document = document;
    this.settings = settings;
    this.gitUrl = gitUrl;
    this.notes = List.copyOf(notes);
  }

  /**
   * Reads and checks a file. Uses nothing but the text.
   *
   * @param fileName how to name it in errors
   * @param base its folder below that of {@code promotion.yaml}, "" for the same
   * @param job key of the job if it is a bundle; null for its only one
   */
  public static Reading<JobFile> read(
      String fileName, String base, @Nullable String job, String text) {
    int bytes = bytes(text);
    if (bytes > MAX_BYTES) {
      return tooLong(fileName, "the file has " + bytes + " bytes");
    }
    boolean isJson = fileName.toLowerCase(Locale.ROOT).endsWith(".json");
    return YamlDocument.read(fileName, isJson ? JsonAsYaml.of(text) : text)
        .then(file -> JobFileForm.settings(file, job))
        .then(found -> checked(found, base, text));
  }

  /**
   * Reads what {@link #sent} was of a file.
   *
   * @param fileName how to name the file in errors
   */
  static Reading<JobFile> ofSent(String fileName, String sent) {
    return YamlDocument.read(fileName, JsonAsYaml.of(sent))
        .then(document ->
            checked(new JobFileForm.Found(document, JobFileForm.SENT, null, List.of()), "", sent));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Reading<JobFile> tooLong(String fileName, String what) {
    return new Reading.Wrong<>(
        List.of(new ValidationError(fileName, 1, "", what, "at most " + MAX_BYTES, null)));
  }

  private static Reading<JobFile> checked(JobFileForm.Found found, String base, String text) {
    String itsOwn = OWN_TAGS.matcher(text).replaceAll("");
    return SecretsInFile.refuse(found.document(), itsOwn)
        .then(DocumentSchema.jobSettings()::accept)
        .then(document -> {
          List<String> notes = new ArrayList<>(found.notes());
          JsonNode named = JobFileValues.byName(document.root(), notes);
          List<ValidationError> errors =
              new JobFileCheck(document, named, found.form(), base).errors();
          if (!errors.isEmpty()) {
            return new Reading.Wrong<JobFile>(errors);
          }
          JsonNode settings = JobFileCode.located(named, found.form(), base);
          int bytes = bytes(settings.toString());
          return bytes > MAX_BYTES
              ? tooLong(document.fileName(), "as JSON, the settings have " + bytes + " bytes")
              : new Reading.Good<>(new JobFile(document, settings, found.gitUrl(), notes));
        });
  }

  /** The file's settings, as they were checked. */
  YamlDocument document() {
    return document;
  }

  /** What the job is made of, with its placeholders: each task says where its code is. */
  public JsonNode settings() {
    return settings;
  }

  /** Repository that the file names, null for none. */
  public @Nullable String gitUrl() {
    return gitUrl;
  }

  /** What was left out or added that people may miss. */
  public List<String> notes() {
    return notes;
  }

  /**
   * All that leaves the checkout: the settings as JSON, without comments and without what else the
   * file has.
   */
  public String sent() {
    return settings.toString();
  }

  /** How the file was named. */
  public String fileName() {
    return document.fileName();
  }

  /** Name of the job, null where the file has none. */
  @Nullable String name() {
    return document.text("/name");
  }

  /** After which a run is ended; the usual time where the file does not say. */
  Duration timeout(Duration usual) {
    long seconds = settings.path("timeout_seconds").asLong();
    return seconds > 0 ? Duration.ofSeconds(seconds) : usual;
  }

  /** What checked rows need and no parameter passes. */
  public Set<String> missing() {
    Set<String> missing =
        new LinkedHashSet<>(
            List.of(ScoringValues.TABLE, ScoringValues.BATCH, ScoringValues.PROMOTION));
    JobParameters.in(settings).forEach(one -> JobPlaces.in(one.value()).forEach(missing::remove));
    return missing;
  }

  /**
   * Files of the commit that its tasks run, relative to the top of the repository.
   *
   * @param folder of {@code promotion.yaml} in the repository, "" at its top
   */
  public List<String> code(String folder) {
    return JobFileCode.inCommit(settings, folder);
  }

  /** Whether an error is about a file that a task names, and where that stands. */
  public ValidationError error(String file, String folder, String what, String remedy) {
    String pointer = Objects.requireNonNullElse(JobFileCode.pointer(settings, file, folder), "");
    return document.error(pointer, what, null, remedy);
  }
}
