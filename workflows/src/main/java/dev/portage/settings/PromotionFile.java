package dev.portage.settings;

import dev.portage.copy.Verify;
import dev.portage.document.Complaint;
import dev.portage.document.DocumentSchema;
import dev.portage.document.Nearest;
import dev.portage.document.Reading;
import dev.portage.document.YamlDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@code promotion.yaml} as it was written, before the platform's policy and defaults are added.
 *
 * @param fileName how the file was named
 * @param model name of the model, which the promotion, its job and its table are named after
 * @param registeredAs name of the registered model, null where it is the model's
 * @param experiment experiment of the copies, null when not named
 * @param check notebook that must pass before training, null for none
 * @param train notebook that trains, null for none
 * @param thresholds limits of metrics, in the file's order
 * @param batch batch scoring, null for none
 * @param verify how copies are verified, null when not given
 * @param path names of workspaces in order; empty when the platform's path counts
 * @param values every value in the file, by names as "batch.table", with file and line
 */
public record PromotionFile(
    String fileName,
    String model,
    @Nullable String registeredAs,
    @Nullable String experiment,
    @Nullable Notebook check,
    @Nullable Notebook train,
    List<Threshold> thresholds,
    @Nullable Batch batch,
    @Nullable Verify verify,
    List<String> path,
    List<EffectiveValue> values) {

  /**
   * A notebook to run once.
   *
   * @param notebook relative to the file
   * @param parameters values of its widgets, in the file's order
   * @param timeout null when not given
   */
  public record Notebook(
      String notebook, Map<String, String> parameters, @Nullable Duration timeout) {}

  /**
   * Batch scoring.
   *
   * @param notebook relative to the file
   * @param table table of the predictions, null when not given
   * @param job name of the job, null when not given
   * @param parameters further widgets, in the file's order
   * @param schedule Quartz cron expression, null for none
   * @param timezone null when not given
   * @param timeout null when not given
   */
  public record Batch(
      String notebook,
      @Nullable String table,
      @Nullable String job,
      Map<String, String> parameters,
      @Nullable String schedule,
      @Nullable String timezone,
      @Nullable Duration timeout) {}

  public PromotionFile {
    thresholds = List.copyOf(thresholds);
    path = List.copyOf(path);
    values = List.copyOf(values);
  }

  /** What the platform's patterns of registered models are filled with. */
  public String registeredName() {
    return registeredAs == null ? model : registeredAs;
  }

  /** Reads and checks a file. Nothing outside the text is looked at. */
  public static Reading<PromotionFile> read(String fileName, String text) {
    return YamlDocument.read(fileName, text)
        .then(document -> SecretsInFile.refuse(document, text))
        .then(DocumentSchema.promotion()::accept)
        .then(document -> new PromotionFileReader(document).read());
  }

  /**
   * File and line of a value, as "promotion.yaml:9"; empty when the file does not give it.
   *
   * @param name as "batch.table"
   */
  public Optional<String> origin(String name) {
    return values.stream()
        .filter(value -> value.name().equals(name))
        .map(EffectiveValue::origin)
        .findFirst();
  }

  /** Every notebook named, by the name of the value that names it. */
  public Map<String, String> notebooks() {
    Map<String, String> notebooks = new LinkedHashMap<>();
    if (check != null) {
      notebooks.put("check", check.notebook());
    }
    if (train != null) {
      notebooks.put("train", train.notebook());
    }
    if (batch != null) {
      notebooks.put("batch", batch.notebook());
    }
    return notebooks;
  }

  /**
   * Notebooks that a commit lacks.
   *
   * @param files the commit's files, relative to the file's folder
   */
  public List<Complaint> missingNotebooks(Collection<String> files) {
    List<Complaint> complaints = new ArrayList<>();
    notebooks()
        .forEach((name, notebook) -> {
          if (!files.contains(notebook)) {
            complaints.add(missing(name, notebook, files));
          }
        });
    return complaints;
  }

  private Complaint missing(String name, String notebook, Collection<String> files) {
    return complaint(
        name,
        name + " names " + notebook + ", which the commit does not have",
        Nearest.find(notebook, files)
            .map(near -> "did you mean \"" + near + "\"?")
            .orElse("add and commit it"));
  }

  /**
   * A complaint about a notebook that the file names, with its line.
   *
   * @param name of the value that names it, as in {@link #notebooks()}
   */
  public Complaint complaint(String name, String what, String remedy) {
    String origin = origin(name).or(() -> origin(name + ".notebook")).orElse(fileName + ":1");
    return new Complaint(
        fileName,
        Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1)),
        "/" + name,
        what,
        null,
        remedy);
  }
}
