package dev.portage.settings;

import dev.portage.copy.Verify;
import dev.portage.document.DocumentSchema;
import dev.portage.document.Nearest;
import dev.portage.document.Partly;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.tracking.RunChoice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@code promotion.yaml} as written, before the platform's policy and defaults are added.
 *
 * @param fileName how the file was named
 * @param model name of the model, which the promotion, its job and its table are named after
 * @param registeredAs name of the registered model, null where it is the model's
 * @param experiment experiment of the copies, null when not named
 * @param steps what its steps run
 * @param options how it is promoted
 * @param path names of workspaces in order; empty when the platform's path counts
 * @param values every value in the file, by names as "batch.table", with file and line
 */
public record PromotionFile(
    String fileName,
    String model,
    @Nullable String registeredAs,
    @Nullable String experiment,
    Steps steps,
    Options options,
    List<String> path,
    List<EffectiveValue> values) {

  /**
   * What the steps run.
   *
   * @param check what must pass before training, null for none
   * @param train what trains, null for none
   * @param choice which of several runs of training is promoted, null when not given
   * @param thresholds limits of metrics, in the file's order
   * @param evaluate notebook that measures candidate and champion on the same data, null for none
   * @param batch batch scoring, null for none
   * @param rehearse whether scoring is rehearsed in the first workspace, null when not given
   * @param serve serving, with the file's own name of the endpoint; null for none
   * @param cases the file with the cases of its smoke test; null where they stand in this one
   */
  public record Steps(
      @Nullable Work check,
      @Nullable Work train,
      @Nullable RunChoice choice,
      List<Threshold> thresholds,
      @Nullable Work evaluate,
      @Nullable Batch batch,
      @Nullable Boolean rehearse,
      @Nullable ServeSettings serve,
      @Nullable CasesFile cases) {

    public Steps {
      thresholds = List.copyOf(thresholds);
    }

    /** The same with other batch scoring. */
    Steps with(Batch other) {
      return new Builder(this).batch(other).build();
    }

    /** The same with these cases. */
    Steps with(List<ServeCase> read) {
      return serve == null ? this : new Builder(this).serve(serve.with(read), cases).build();
    }

    /** Makes one; see its parts. */
    static final class Builder {
      private @Nullable Work check;
      private @Nullable Work train;
      private @Nullable RunChoice choice;
      private List<Threshold> thresholds = List.of();
      private @Nullable Work evaluate;
      private @Nullable Batch batch;
      private @Nullable Boolean rehearse;
      private @Nullable ServeSettings serve;
      private @Nullable CasesFile cases;

      Builder() {}

      private Builder(Steps from) {
        check = from.check;
        train = from.train;
        choice = from.choice;
        thresholds = from.thresholds;
        evaluate = from.evaluate;
        batch = from.batch;
        rehearse = from.rehearse;
        serve = from.serve;
        cases = from.cases;
      }

      Builder check(@Nullable Work work) {
        check = work;
        return this;
      }

      Builder train(@Nullable Work work, @Nullable RunChoice which) {
        train = work;
        choice = which;
        return this;
      }

      Builder gates(List<Threshold> limits, @Nullable Work evaluation) {
        thresholds = limits;
        evaluate = evaluation;
        return this;
      }

      Builder batch(@Nullable Batch scoring) {
        batch = scoring;
        return this;
      }

      Builder rehearse(@Nullable Boolean isRehearsed) {
        rehearse = isRehearsed;
        return this;
      }

      Builder serve(@Nullable ServeSettings settings, @Nullable CasesFile file) {
        serve = settings;
        cases = file;
        return this;
      }

      Steps build() {
        return new Steps(check, train, choice, thresholds, evaluate, batch, rehearse, serve, cases);
      }
    }
  }

  /**
   * How a model is promoted.
   *
   * @param verify how copies are verified, null when not given
   * @param concurrency what becomes of several promotions at once, null when not given
   */
  public record Options(@Nullable Verify verify, @Nullable Concurrency concurrency) {}

  /**
   * Batch scoring.
   *
   * @param work what scores
   * @param table table of the predictions, null when not given
   * @param job name of the job that Portage makes, null when not given or when a job of the team's
   *     scores
   * @param schedule Quartz cron expression, null for none
   * @param timezone null when not given
   * @param check what is checked of the predictions, null when not given
   * @param rules what the predictions must look like, null when not given
   */
  public record Batch(
      Work work,
      @Nullable String table,
      @Nullable String job,
      @Nullable String schedule,
      @Nullable String timezone,
      @Nullable PredictionCheck check,
      @Nullable PredictionRules rules) {}

  public PromotionFile {
    path = List.copyOf(path);
    values = List.copyOf(values);
  }

  /** What must pass before training, null for none. */
  public @Nullable Work check() {
    return steps.check();
  }

  /** What trains, null for none. */
  public @Nullable Work train() {
    return steps.train();
  }

  /** Which of several runs of training is promoted, null when not given. */
  public @Nullable RunChoice choice() {
    return steps.choice();
  }

  /** Limits of metrics, in the file's order. */
  public List<Threshold> thresholds() {
    return steps.thresholds();
  }

  /** Notebook that measures candidate and champion on the same data, null for none. */
  public @Nullable Work evaluate() {
    return steps.evaluate();
  }

  /** Batch scoring, null for none. */
  public @Nullable Batch batch() {
    return steps.batch();
  }

  /** Whether scoring is rehearsed in the first workspace, null when not given. */
  public @Nullable Boolean rehearse() {
    return steps.rehearse();
  }

  /** Serving, with the file's own name of the endpoint; null for none. */
  public @Nullable ServeSettings serve() {
    return steps.serve();
  }

  /** How copies are verified, null when not given. */
  public @Nullable Verify verify() {
    return options.verify();
  }

  /** What becomes of several promotions at once, null when not given. */
  public @Nullable Concurrency concurrency() {
    return options.concurrency();
  }

  /** What the platform's patterns of registered models are filled with. */
  public String registeredName() {
    return registeredAs == null ? model : registeredAs;
  }

  /** Reads and checks a file. Uses nothing but the text. */
  public static Reading<PromotionFile> read(String fileName, String text) {
    return partly(fileName, text).reading();
  }

  /**
   * Reads and checks a file as {@link #read} does. What is wrong is left out, so that the rest can
   * be checked at once; if anything is, the result is good for nothing else.
   */
  public static Partly<PromotionFile> partly(String fileName, String text) {
    return YamlDocument.partly(fileName, text)
        .then(document -> SecretsInFile.partly(document, text))
        .then(DocumentSchema.promotion()::partly)
        .then(document -> new PromotionFileReader(document).read());
  }

  /**
   * The name that its model is registered as, though other things in the file may be wrong; empty
   * if the file does not say one, or can't be read.
   */
  public static Optional<String> registeredName(String fileName, String text) {
    return YamlDocument.read(fileName, text)
            instanceof Reading.Good<YamlDocument>(YamlDocument file)
        ? Optional.ofNullable(file.text("/registered-as")).filter(name -> !name.isBlank())
        : Optional.empty();
  }

  /**
   * File and line of a value, such as "promotion.yaml:9"; empty if the file does not give it.
   *
   * @param name such as "batch.table"
   */
  public Optional<String> origin(String name) {
    return values.stream()
        .filter(value -> value.name().equals(name))
        .map(EffectiveValue::origin)
        .findFirst();
  }

  /** Path of the file with the settings of the scoring job, beside this one; empty for none. */
  public Optional<String> jobFile() {
    return steps.batch() != null && steps.batch().work() instanceof Work.Defined work
        ? Optional.of(work.path())
        : Optional.empty();
  }

  /** The file with the settings of the scoring job, as messages name it. */
  public String jobFileName() {
    String folder = fileName.substring(0, fileName.lastIndexOf('/') + 1);
    return folder + jobFile().orElse("");
  }

  /**
   * Reads the file with the settings of the scoring job; null where the file names none.
   *
   * @param text its content
   */
  public @Nullable Reading<JobFile> readJobFile(String text) {
    if (steps.batch() == null || !(steps.batch().work() instanceof Work.Defined work)) {
      return null;
    }
    String base = work.path().substring(0, Math.max(0, work.path().lastIndexOf('/')));
    return JobFile.read(jobFileName(), base, work.key(), text);
  }

  /**
   * The same with the settings of the scoring job, where a file has them.
   *
   * @param text content of that file
   */
  public Reading<PromotionFile> withJobFile(String text) {
    Reading<JobFile> job = readJobFile(text);
    return job == null ? new Reading.Good<>(this) : job.then(this::with);
  }

  /**
   * The same with the settings of the scoring job, where a file has them.
   *
   * @param sent what {@link JobFile#sent} was of that file; null for nothing
   */
  public Reading<PromotionFile> withJobSettings(@Nullable String sent) {
    if (jobFile().isEmpty()) {
      return new Reading.Good<>(this);
    }
    return sent == null
        ? new Reading.Wrong<>(
            List.of(
                error(
                    "batch.settings",
                    "the settings in " + jobFileName() + " were not sent",
                    "start it with a portage command as new as the worker")))
        : JobFile.ofSent(jobFileName(), sent).then(this::with);
  }

  /** The same with the settings of the scoring job, which is what it names. */
  public Reading<PromotionFile> with(JobFile job) {
    return new ScoringJobOfFile(this, job).read();
  }

  /** The same with other batch scoring, and values that come from another file. */
  PromotionFile with(Batch batch, List<EffectiveValue> more) {
    List<EffectiveValue> all = new ArrayList<>(values);
    all.addAll(more);
    return new PromotionFile(
        fileName, model, registeredAs, experiment, steps.with(batch), options, path, all);
  }

  /** The file with the cases of the smoke test; empty where they stand in this one. */
  public Optional<CasesFile> casesFile() {
    return Optional.ofNullable(steps.cases());
  }

  /** Paths of the files beside this one that it names and that count as parts of it. */
  public List<String> parts() {
    return Stream.concat(jobFile().stream(), casesFile().stream().map(CasesFile::path)).toList();
  }

  /** The same with the cases of the smoke test, of the file that has them. */
  public PromotionFile with(List<ServeCase> cases) {
    return new PromotionFile(
        fileName, model, registeredAs, experiment, steps.with(cases), options, path, values);
  }

  /**
   * The same with the cases of the smoke test, where a file has them.
   *
   * @param sent what {@link CasesFile#sent} was of that file; null for nothing
   */
  public Reading<PromotionFile> withCases(@Nullable String sent) {
    CasesFile file = steps.cases();
    if (file == null) {
      return new Reading.Good<>(this);
    }
    return sent == null
        ? new Reading.Wrong<>(
            List.of(
                error(
                    "serve.cases",
                    "the cases in " + file.fileName() + " were not sent",
                    "start it with a portage command as new as the worker")))
        : file.ofSent(sent).then(cases -> new Reading.Good<>(with(cases)));
  }

  /** What each step runs, by the name of the value that says it. */
  public Map<String, Work> work() {
    Map<String, Work> work = new LinkedHashMap<>();
    if (steps.check() != null) {
      work.put("check", steps.check());
    }
    if (steps.train() != null) {
      work.put("train", steps.train());
    }
    if (steps.evaluate() != null) {
      work.put("evaluate", steps.evaluate());
    }
    if (steps.batch() != null) {
      work.put("batch", steps.batch().work());
    }
    return work;
  }

  /** Every notebook named, by the name of the value that names it; the ending may be left out. */
  public Map<String, String> notebooks() {
    Map<String, String> notebooks = new LinkedHashMap<>();
    work()
        .forEach((name, work) -> {
          if (work instanceof Work.Notebook notebook) {
            notebooks.put(name, notebook.notebook());
          }
        });
    return notebooks;
  }

  /** Whether a workspace takes anything from the commit. */
  public boolean needsCommit() {
    return work().values().stream().anyMatch(work -> !(work instanceof Work.Job));
  }

  /**
   * Those of a commit's files that are named, a notebook without its ending by each of its endings.
   */
  public List<String> named(Collection<String> files) {
    return work().values().stream().flatMap(work -> named(work, files).stream()).toList();
  }

  /** Those of a commit's files that a step runs. */
  public List<String> namedBy(Work work, Collection<String> files) {
    return named(work, files);
  }

  private static List<String> named(Work work, Collection<String> files) {
    String file = work.file();
    if (file == null) {
      return List.of();
    }
    return work instanceof Work.Notebook
        ? NotebookName.files(file, files)
        : files.contains(file) ? List.of(file) : List.of();
  }

  /**
   * Notebooks and scripts that a commit lacks.
   *
   * @param files the commit's files, relative to the file's folder
   */
  public List<ValidationError> missingFiles(Collection<String> files) {
    return missingFiles(files, "the commit", "add and commit it");
  }

  /**
   * Notebooks and scripts that are missing elsewhere.
   *
   * @param files those that there are, relative to the file's folder
   * @param place where they are
   * @param remedy where nothing has a similar name
   */
  public List<ValidationError> missingFiles(Collection<String> files, String place, String remedy) {
    List<ValidationError> errors = new ArrayList<>();
    work()
        .forEach((name, work) -> {
          String file = work.file();
          if (file != null && named(work, files).isEmpty()) {
            errors.add(missing(name, file, files, place, remedy));
          }
        });
    return errors;
  }

  private ValidationError missing(
      String name, String file, Collection<String> files, String place, String remedy) {
    return error(
        name,
        name + " names " + file + ", which is not in " + place,
        Nearest.find(file, files).map(near -> "did you mean \"" + near + "\"?").orElse(remedy));
  }

  /**
   * An error about what a step runs, with its line.
   *
   * @param name of the step, as in {@link #work()}
   */
  public ValidationError error(String name, String what, String remedy) {
    String origin =
        origin(name)
            .or(() -> origin(name + ".notebook"))
            .or(() -> origin(name + ".script"))
            .or(() -> origin(name + ".file"))
            .orElse(fileName + ":1");
    return new ValidationError(
        fileName,
        Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1)),
        "/" + name,
        what,
        null,
        remedy);
  }
}
