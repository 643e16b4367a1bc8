package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.document.Nearest;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The forms in which teams have the settings of a job: the settings themselves, as {@code
 * jobs/create} takes them; what {@code jobs/get} returns and {@code jobs/reset} takes, with the
 * settings inside; and a bundle.
 *
 * @see <a href="https://docs.databricks.com/dev-tools/bundles/resources#job">Jobs in bundles</a>
 */
enum JobFileForm {
  SETTINGS,
  EXPORTED,
  BUNDLE,

  /** What Portage itself made of one of these. */
  SENT;

  /** What a workspace says of a job besides its settings. */
  private static final Set<String> OF_A_STORED_JOB =
      Set.of(
          "job_id",
          "creator_user_name",
          "created_time",
          "run_as_user_name",
          "run_as_owner",
          "effective_budget_policy_id",
          "effective_usage_policy_id",
          "trigger_state",
          "has_more",
          "next_page_token",
          "path");

  /** What Portage leaves to the workspace, by what to say of it. */
  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "run_as", "the job keeps whom it runs as",
          "access_control_list", "the job keeps its permissions",
          "permissions", "the job keeps its permissions",
          "deployment", "no bundle may deploy the job",
          "edit_mode", "it stays as it is",
          "lifecycle", "only bundles know it");

  private static final String JOBS = "/resources/jobs";
  private static final String TAGS = "tags";

  /** Begins the tags that Portage sets. */
  private static final String OWN_TAG = "portage_";

  /**
   * Settings out of a file.
   *
   * @param document they alone
   * @param form how the file has them
   * @param gitUrl repository that they name, null for none
   * @param notes what was left out that people may miss
   */
  record Found(
      YamlDocument document, JobFileForm form, @Nullable String gitUrl, List<String> notes) {}

  /**
   * The settings in a file.
   *
   * @param job key of the job of a bundle; null for its only one
   */
  static Reading<Found> settings(YamlDocument file, @Nullable String job) {
    JsonNode root = file.root();
    if (!root.isObject()) {
      return wrong(
          file,
          "",
          "the file is " + (root.isArray() ? "a list" : "a single value") + ", not a job",
          "the settings of one job",
          "export one: databricks jobs get ID -o json");
    }
    if (Stream.of("resources", "bundle", "targets").anyMatch(root::has)) {
      return ofBundle(file, job);
    }
    if (job != null) {
      return wrong(
          file,
          "",
          "batch.settings names job " + job + " of the file, which is not a bundle",
          "the file without #" + job,
          null);
    }
    String inside =
        Stream.of("settings", "new_settings").filter(root::has).findFirst().orElse(null);
    return inside == null ? taken(file, "", SETTINGS) : ofExport(file, inside);
  }

  private static Reading<Found> ofExport(YamlDocument file, String inside) {
    List<ValidationError> unknown = new ArrayList<>();
    file.root()
        .fieldNames()
        .forEachRemaining(name -> {
          if (!name.equals(inside) && !OF_A_STORED_JOB.contains(name)) {
            unknown.add(
                file.error(
                    "/" + YamlDocument.escape(name),
                    "unknown key \"" + name + "\" beside " + inside,
                    null,
                    "settings of the job belong below " + inside));
          }
        });
    return unknown.isEmpty() ? taken(file, "/" + inside, EXPORTED) : new Reading.Wrong<>(unknown);
  }

  private static Reading<Found> ofBundle(YamlDocument file, @Nullable String job) {
    Set<String> names = new TreeSet<>();
    file.root().at(JOBS).fieldNames().forEachRemaining(names::add);
    if (names.isEmpty()) {
      return wrong(
          file,
          "",
          "this file of a bundle defines no job",
          "a file with resources.jobs",
          "name the file that has the job, often below resources/");
    }
    if (job == null && names.size() > 1) {
      return wrong(
          file,
          JOBS,
          "the bundle has jobs " + String.join(", ", names),
          null,
          "name one: batch.settings: FILE#" + names.iterator().next());
    }
    String key = job == null ? names.iterator().next() : job;
    if (!names.contains(key)) {
      return wrong(
          file,
          JOBS,
          "the bundle has no job " + key,
          String.join(", ", names),
          Nearest.question(key, names));
    }
    return taken(file, JOBS + "/" + YamlDocument.escape(key), BUNDLE);
  }

  private static Reading<Found> taken(YamlDocument file, String pointer, JobFileForm form) {
    if (!(file.root().at(pointer) instanceof ObjectNode all)) {
      return wrong(file, pointer, "the settings are not a map", "the settings of one job", null);
    }
    ObjectNode settings = all.deepCopy();
    List<String> notes = new ArrayList<>();
    // It says the same in every job.
    settings.remove("format");
    JsonNode git = settings.remove("git_source");
    if (git != null) {
      notes.add("git_source is not used: the job runs the promotion's commit");
    }
    if (form != SETTINGS) {
      LEFT_OUT.keySet().stream()
          .sorted()
          .filter(settings::has)
          .forEach(key -> {
            settings.remove(key);
            notes.add(key + " is not used: " + LEFT_OUT.get(key));
          });
      removeOwnTags(settings);
    }
    if (form == BUNDLE && Stream.of("variables", "targets").anyMatch(file.root()::has)) {
      notes.add("variables and targets of the bundle are not applied");
    }
    String url = git == null ? null : git.path("git_url").textValue();
    return new Reading.Good<>(
        new Found(file.part(pointer, settings), form, url, List.copyOf(notes)));
  }

  /** Those of a job that Portage manages, which was exported. */
  private static void removeOwnTags(ObjectNode settings) {
    if (settings.get(TAGS) instanceof ObjectNode tags) {
      List<String> own = new ArrayList<>();
      tags.fieldNames().forEachRemaining(own::add);
      own.removeIf(name -> !name.startsWith(OWN_TAG));
      tags.remove(own);
    }
  }

  private static Reading<Found> wrong(
      YamlDocument file,
      String pointer,
      String what,
      @Nullable String allowed,
      @Nullable String remedy) {
    return new Reading.Wrong<>(List.of(file.error(pointer, what, allowed, remedy)));
  }
}
