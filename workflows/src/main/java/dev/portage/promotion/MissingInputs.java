package dev.portage.promotion;

import dev.portage.job.RunResult;
import dev.portage.text.Bounded;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether a run failed because the workspace lacks what it reads: data that only production has, or
 * a permission on it. That says nothing about the code. Pure.
 *
 * @see <a href="https://docs.databricks.com/en/error-messages/error-classes.html">Error classes</a>
 */
final class MissingInputs {

  private static final Pattern MISSING =
      Pattern.compile(
          "TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|NO_SUCH_CATALOG|CATALOG_NOT_FOUND"
              + "|NoSuchCatalogException|DELTA_TABLE_NOT_FOUND|DELTA_PATH_DOES_NOT_EXIST"
              + "|DELTA_MISSING_DELTA_TABLE|TableNotFoundError|PATH_NOT_FOUND"
              + "|Path does not exist|CANNOT_READ_FILE|No such file or directory|FileNotFound"
              + "|NoSuchBucket|NoSuchKey|ContainerNotFound|SecretNotFound"
              + "|Secret does not exist|UC_VOLUME_NOT_FOUND|VOLUME_DOES_NOT_EXIST"
              + "|INSUFFICIENT_PERMISSIONS|INSUFFICIENT_PRIVILEGES|PERMISSION_DENIED"
              + "|User does not have (?:permission|USE|SELECT)|LIBRARY_INSTALLATION",
          Pattern.CASE_INSENSITIVE);

  private MissingInputs() {}

  /** What is missing, in the words of the failed cell; empty where the code itself failed. */
  static Optional<String> of(RunResult result) {
    String error = result.error();
    return Stream.concat(
            error == null ? Stream.of() : error.lines(),
            Stream.concat(result.trace().stream(), Stream.of(result.state())))
        .filter(line -> MISSING.matcher(line).find())
        .map(line -> Bounded.line(line, Bounded.NAME / 2))
        .findFirst();
  }

  /** The same of a table that the run itself was to write: that is the code's own fault. */
  static Optional<String> of(RunResult result, String ownTable) {
    String name = List.of(ownTable.split("\\.", -1)).getLast();
    return of(result).filter(line -> !line.contains(name));
  }
}
