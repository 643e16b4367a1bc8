package dev.portage.localworkspace.conformance;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.jobs.GitProvider;
import com.databricks.sdk.service.jobs.GitSource;
import dev.portage.localworkspace.Clients;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A real workspace: PORTAGE_LIVE_DEV is its URL and PORTAGE_LIVE_DEV_TOKEN a token for it.
 * PORTAGE_LIVE_GIT and PORTAGE_LIVE_COMMIT name a GitHub repository, and a commit of it that
 * contains this module and that the workspace can read; PORTAGE_LIVE_DEV_WAREHOUSE is the id of a
 * SQL warehouse, PORTAGE_LIVE_DEV_SCHEMA a schema to create models in, such as main.ml, and
 * PORTAGE_LIVE_DEV_VOLUME a volume to write to, such as main.default.data. Whatever isn't set is
 * skipped.
 */
final class LiveUnderTest implements WorkspaceUnderTest {
  private final URI host;
  private final WorkspaceClient client;

  LiveUnderTest() {
    host = URI.create(needed("PORTAGE_LIVE_DEV"));
    client = Clients.of(host, needed("PORTAGE_LIVE_DEV_TOKEN"));
  }

  private static String needed(String name) {
    String value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException("-Plive needs the environment variable " + name);
    }
    return value;
  }

  @Override
  public URI host() {
    return host;
  }

  @Override
  public WorkspaceClient client() {
    return client;
  }

  @Override
  public @Nullable GitSource code() {
    String url = System.getenv("PORTAGE_LIVE_GIT");
    return url == null
        ? null
        : new GitSource()
            .setGitUrl(url)
            .setGitProvider(GitProvider.GIT_HUB)
            .setGitCommit(needed("PORTAGE_LIVE_COMMIT"));
  }

  @Override
  public String notebook(String name) {
    return "local-workspace/src/test/resources/conformance/notebooks/" + name;
  }

  @Override
  public @Nullable String warehouse() {
    return System.getenv("PORTAGE_LIVE_DEV_WAREHOUSE");
  }

  @Override
  public @Nullable String schema() {
    return System.getenv("PORTAGE_LIVE_DEV_SCHEMA");
  }

  @Override
  public @Nullable String volume() {
    return System.getenv("PORTAGE_LIVE_DEV_VOLUME");
  }

  @Override
  public Duration timeout() {
    return Duration.ofMinutes(15);
  }

  @Override
  public void close() {}
}
