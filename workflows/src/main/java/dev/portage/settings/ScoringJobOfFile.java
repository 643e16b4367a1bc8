package dev.portage.settings;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds a {@code promotion.yaml} against the file with the settings of its scoring job. */
final class ScoringJobOfFile {
  private final PromotionFile file;
  private final JobFile job;
  private final PromotionFile.Batch batch;
  private final List<ValidationError> errors = new ArrayList<>();

  ScoringJobOfFile(PromotionFile file, JobFile job) {
    this.file = file;
    this.job = job;
    this.batch = Objects.requireNonNull(file.batch(), "only where batch names the settings");
  }

  /** The file with the settings in it. */
  Reading<PromotionFile> read() {
    Work.Defined work = (Work.Defined) batch.work();
    refuseTwoNames();
    refuseMissingValues();
    if (!errors.isEmpty()) {
      return new Reading.Wrong<>(errors);
    }
    List<EffectiveValue> more = new ArrayList<>();
    String name = job.name();
    if (batch.job() == null && name != null) {
      more.add(new EffectiveValue("batch.job", name, job.document().origin("/name")));
    }
    if (job.document().root().has("timeout_seconds")) {
      more.add(
          new EffectiveValue(
              "batch.timeout",
              job.timeout(work.timeout()).toString(),
              job.document().origin("/timeout_seconds")));
    }
    return new Reading.Good<>(
        file.with(
            new PromotionFile.Batch(
                new Work.Defined(
                    work.settings(),
                    job.settings().toString(),
                    job.timeout(work.timeout()),
                    work.compute()),
                batch.table(),
                batch.job() == null ? name : batch.job(),
                null,
                null,
                batch.check(),
                batch.rules()),
            more));
  }

  private void refuseTwoNames() {
    String name = job.name();
    if (name != null && batch.job() != null && !name.equals(batch.job())) {
      errors.add(
          job.document()
              .error(
                  "/name",
                  "the job is \""
                      + name
                      + "\" here, and \""
                      + batch.job()
                      + "\" by batch.job in "
                      + file.fileName(),
                  null,
                  "name it in one of the two files"));
    }
  }

  /**
   * Rows are found by their batch, in the table that the run was given, and runs by their
   * promotion.
   */
  private void refuseMissingValues() {
    boolean ofRows = batch.check() == null || batch.check().isOfRows();
    Set<String> missing = job.missing();
    if (ofRows && !missing.isEmpty()) {
      String names =
          missing.stream().map(name -> "{" + name + "}").collect(Collectors.joining(", "));
      errors.add(
          job.document()
              .error(
                  parameters(),
                  "no parameter passes " + names + " to the scoring, whose rows are checked",
                  "parameters with these values",
                  "add them; or, for a table without such columns, batch.verify: table in "
                      + file.fileName()));
    } else if (missing.contains(ScoringValues.PROMOTION)) {
      errors.add(
          job.document()
              .error(
                  parameters(),
                  "no parameter names the promotion, so that a run that a terminated promotion left"
                      + " could not be found",
                  "\"{promotion_id}\" in the value of a parameter",
                  "add one: a parameter of the job, or of a notebook, need not be used"));
    }
  }

  private String parameters() {
    return job.settings().path("parameters").isEmpty() ? "/tasks" : "/parameters";
  }
}
