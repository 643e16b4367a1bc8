package dev.portage.command;

import dev.portage.start.StartRequest;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code start} and {@code plan} that say what to promote. */
final class FileOptions {

  /** What the file is called where nobody named it. */
  static final String USUAL = "promotion.yaml";

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "Path of the promotion file. Default: promotion.yaml, in this folder.")
  private Path file = Path.of(USUAL);

  @Option(
      names = "--commit",
      paramLabel = "COMMIT",
      description = "Commit to promote. Default: the pipeline's, else the latest.")
  private @Nullable String commit;

  @Option(
      names = "--version",
      paramLabel = "N",
      description = "Promote this version from the first workspace; train nothing.")
  private @Nullable String version;

  @Option(
      names = "--run-id",
      paramLabel = "RUN",
      description = "Promote this run's model from the first workspace; train nothing.")
  private @Nullable String runId;

  @Option(
      names = "--allow-older",
      description = "Promote even if the commit is older than the champion's.")
  private boolean allowOlder;

  @Option(
      names = "--repository",
      paramLabel = "URL",
      description = "Git URL that workspaces read from. Default: the pipeline's, else origin's.")
  private @Nullable String repository;

  @Option(
      names = "--git-provider",
      paramLabel = "NAME",
      description =
          "Databricks' name for the service that hosts the repository, such as gitLabEnterpriseEdition. Default: told by its address.")
  private @Nullable String gitProvider;

  @Option(names = "--by", paramLabel = "NAME", description = "Who is starting it.")
  private @Nullable String by;

  @Option(
      names = "--made-by",
      paramLabel = "NAME",
      description =
          "Who made a model that was trained elsewhere, if its run doesn't say. Repeatable. These people can't approve it.")
  private List<String> madeBy = List.of();

  StartRequest request() {
    return StartRequest.of(file)
        .commit(commit)
        .version(version)
        .runId(runId)
        .allowOlder(allowOlder)
        .repository(repository)
        .by(by)
        .madeBy(madeBy)
        .gitProvider(gitProvider)
        .build();
  }
}
