package dev.portage.command;

import dev.portage.start.StartWish;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code start} and {@code plan} are of. */
final class FileOptions {

  @Parameters(paramLabel = "FILE", description = "The promotion.yaml.")
  private Path file = Path.of("promotion.yaml");

  @Option(
      names = "--commit",
      paramLabel = "COMMIT",
      description = "Commit to take it from; without it the pipeline's, else the last one.")
  private @Nullable String commit;

  @Option(
      names = "--version",
      paramLabel = "N",
      description = "Promote this version of the first workspace, trained elsewhere.")
  private @Nullable String version;

  @Option(
      names = "--run-id",
      paramLabel = "RUN",
      description = "Promote the model of this run of the first workspace, trained elsewhere.")
  private @Nullable String runId;

  @Option(
      names = "--allow-older",
      description = "Promote although the commit is older than the champion's.")
  private boolean allowOlder;

  @Option(
      names = "--repository",
      paramLabel = "URL",
      description =
          "Where workspaces take the commit from; without it the pipeline's, else origin.")
  private @Nullable String repository;

  @Option(
      names = "--git-provider",
      paramLabel = "NAME",
      description =
          "Service that hosts that repository, by Databricks' name, such as gitLabEnterpriseEdition;"
              + " without it its address tells.")
  private @Nullable String gitProvider;

  @Option(names = "--by", paramLabel = "NAME", description = "Who starts it.")
  private @Nullable String by;

  @Option(
      names = "--made-by",
      paramLabel = "NAME",
      description =
          "Who made a model that was trained elsewhere, where its run does not say; may be repeated."
              + " These people can't approve it.")
  private List<String> madeBy = List.of();

  StartWish wish() {
    return new StartWish(
        file, commit, version, runId, allowOlder, repository, by, madeBy, gitProvider);
  }
}
