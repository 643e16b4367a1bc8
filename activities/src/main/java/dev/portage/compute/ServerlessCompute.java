package dev.portage.compute;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serverless compute.
 *
 * @param version version of the environment, such as {@code 4}; null for the workspace's choice
 * @param libraries installed in the environment; no jars
 * @see <a
 *     href="https://docs.databricks.com/aws/en/release-notes/serverless/environment-version/">Serverless
 *     environment versions</a>
 */
public record ServerlessCompute(@Nullable String version, List<Library> libraries)
    implements ComputeSettings {

  public ServerlessCompute {
    libraries = List.copyOf(libraries);
  }

  @Override
  public String text() {
    return "serverless"
        + (version == null ? "" : ", environment version " + version)
        + Library.text(libraries);
  }
}
