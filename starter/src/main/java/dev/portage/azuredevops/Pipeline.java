package dev.portage.azuredevops;

import dev.portage.promotion.Build;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The variables of a pipeline run. Source: learn.microsoft.com/azure/devops/pipelines, "Use
 * predefined variables".
 */
public final class Pipeline {

  private final Map<String, String> environment;

  private Pipeline(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The run that this process is part of; empty outside a pipeline. */
  public static Optional<Pipeline> of(Map<String, String> environment) {
    return environment.getOrDefault("TF_BUILD", "").equalsIgnoreCase("true")
            || environment.containsKey("BUILD_BUILDID")
        ? Optional.of(new Pipeline(environment))
        : Optional.empty();
  }

  /**
   * Whether it builds a pull request, whoever started it: such a run plans and never promotes,
   * since its commit is a merge that is on no branch.
   */
  public boolean isPullRequest() {
    return environment.getOrDefault("BUILD_REASON", "").equalsIgnoreCase("PullRequest")
        || value("BUILD_SOURCEBRANCH").filter(ref -> ref.startsWith("refs/pull/")).isPresent();
  }

  /** The commit that it builds. */
  public Optional<String> commit() {
    return value("BUILD_SOURCEVERSION");
  }

  /** Who it was requested for. */
  public Optional<String> requestedFor() {
    return value("BUILD_REQUESTEDFOREMAIL");
  }

  /** Address of the repository that it builds; may hold a login. */
  public Optional<String> repository() {
    return value("BUILD_REPOSITORY_URI");
  }

  /** Folder of the repository that it builds; with several checkouts the folder around them. */
  public Optional<Path> sources() {
    return value("BUILD_SOURCESDIRECTORY").map(Path::of);
  }

  /** The run itself, with its page where that is known. */
  public Optional<Build> build() {
    return value("BUILD_BUILDID").map(id -> new Build(id, page(id).orElse(null)));
  }

  /** Folder for files that live as long as the run. */
  public Optional<Path> folder() {
    return value("AGENT_TEMPDIRECTORY").map(Path::of);
  }

  private Optional<URI> page(String id) {
    return value("SYSTEM_COLLECTIONURI")
        .flatMap(collection ->
            value("SYSTEM_TEAMPROJECT")
                .map(project ->
                    URI.create(
                        (collection.endsWith("/") ? collection : collection + "/")
                            + encode(project)
                            + "/_build/results?buildId="
                            + encode(id))));
  }

  private Optional<String> value(String name) {
    String value = environment.getOrDefault(name, "");
    // A variable that is not set arrives as its own name: $(build.sourceVersion).
    return value.isBlank() || value.startsWith("$(") ? Optional.empty() : Optional.of(value);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
