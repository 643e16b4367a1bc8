package dev.portage.start;

import dev.portage.checkout.Checkout;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.settings.JobFile;
import dev.portage.settings.NotebookName;
import dev.portage.settings.PromotionFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file with the settings of a scoring job, beside a {@code promotion.yaml}: the settings go to
 * the workers, which have no checkout.
 *
 * @param promotion the file that names it, with these settings
 * @param job what was read
 */
record ScoringJobFile(PromotionFile promotion, JobFile job) {

  /** Languages of notebooks, whose endings a job leaves out. */
  private static final List<String> ENDINGS =
      List.of("", ".py", ".ipynb", ".sql", ".scala", ".r", ".R");

  /**
   * The one that a {@code promotion.yaml} names; null for none.
   *
   * @param here the checkout, in the folder of the {@code promotion.yaml}
   * @param parts reads it
   * @throws StartException for everything that is wrong with it
   */
  static @Nullable ScoringJobFile of(
      PromotionFile promotion, Checkout here, String commit, PartFile parts) {
    String name = promotion.jobFile().orElse(null);
    if (name == null) {
      return null;
    }
    String text = parts.text(promotion, "batch.settings", name, promotion.jobFileName());
    JobFile job =
        good(Objects.requireNonNull(promotion.readJobFile(text), "the promotion.yaml names it"));
    ScoringJobFile read = new ScoringJobFile(good(promotion.with(job)), job);
    List<ValidationError> missing =
        read.missing(
            here.folder(),
            path ->
                parts.asCommitted()
                    ? here.hasFile(commit, path)
                    : Files.isRegularFile(here.top().resolve(path)));
    if (!missing.isEmpty()) {
      throw new StartException(missing);
    }
    return read;
  }

  private static <T> T good(Reading<T> reading) {
    return switch (reading) {
      case Reading.Good<T>(T good) -> good;
      case Reading.Wrong<T>(List<ValidationError> errors) -> throw new StartException(errors);
    };
  }

  /**
   * What people may miss of it.
   *
   * @param repository where the job's code will come from; null where that is not known
   */
  List<String> notes(@Nullable String repository) {
    List<String> notes = new ArrayList<>(job.notes());
    String named = job.gitUrl();
    if (named != null
        && repository != null
        && repository.startsWith("https:")
        && !plain(named).equals(plain(repository))) {
      notes.add("its git_source names " + named + "; the job runs " + repository);
    }
    return notes.stream().map(note -> job.fileName() + ": " + note).toList();
  }

  private static String plain(String url) {
    return url.toLowerCase(Locale.ROOT)
        .replaceFirst("^[a-z]+://([^@/]*@)?", "")
        .replaceFirst("(\\.git)?/*$", "");
  }

  /**
   * Files that its tasks name and that are missing.
   *
   * @param folder of the promotion.yaml in the repository, "" at its top
   * @param exists whether there is a file at a path of the repository
   */
  private List<ValidationError> missing(String folder, Predicate<String> exists) {
    List<ValidationError> errors = new ArrayList<>();
    for (String path : job.code(folder)) {
      if (!isThere(path, exists)) {
        String below = folder + "/" + path;
        errors.add(
            job.error(
                path,
                folder,
                "a task names " + path + ", which is not in the commit",
                !folder.isEmpty() && isThere(below, exists)
                    ? "paths begin at the top of the repository: \"" + below + "\""
                    : "add and commit it, or correct the path, which begins at the top of the"
                        + " repository"));
      }
    }
    return errors;
  }

  private static boolean isThere(String path, Predicate<String> exists) {
    return ENDINGS.stream().anyMatch(ending -> exists.test(path + ending));
  }

  /** Those of a commit's files below the folder that its tasks run. */
  List<String> scoring(Checkout checkout, Collection<String> files) {
    String before = checkout.folder().isEmpty() ? "" : checkout.folder() + "/";
    return job.code(checkout.folder()).stream()
        .filter(path -> path.startsWith(before))
        .map(path -> path.substring(before.length()))
        .flatMap(path ->
            files.contains(path) ? Stream.of(path) : NotebookName.files(path, files).stream())
        .toList();
  }
}
