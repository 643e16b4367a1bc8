package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import dev.portage.job.Source;
import dev.portage.preflight.Ahead;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the login has a Git credential: a run reads the commit with the credential of the
 * identity that it runs as. Without one it reads only public repositories.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/gitcredentials">Git Credentials API</a>
 */
final class GitLook {
  private static final String WHAT = "Git credential";

  private final DatabricksApi api;
  private final Me login;

  GitLook(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
  }

  /**
   * What was found; empty where the workspace doesn't say.
   *
   * @param ahead what will be done there, null if nothing in particular
   */
  Optional<Finding> look(@Nullable Ahead ahead) {
    Source source = ahead == null ? null : ahead.source();
    if (source != null && source.gitUrl().startsWith("file:")) {
      return Optional.empty();
    }
    HttpAnswer answer = api.probe("list Git credentials", "GET", "/api/2.0/git-credentials", null);
    JsonNode json = answer.json();
    if (!answer.isSuccess() || !json.isObject()) {
      return Optional.empty();
    }
    List<String> providers = new ArrayList<>();
    json.path("credentials")
        .forEach(credential -> providers.add(credential.path("git_provider").asText()));
    String where = api.workspace().where();
    if (source == null ? !providers.isEmpty() : has(providers, source.gitProvider())) {
      return Optional.of(
          Finding.ok(where, WHAT, login.name() + " has one for " + String.join(", ", providers)));
    }
    String provider = source == null ? "<provider>" : source.gitProvider();
    return Optional.of(
        new Finding(
            where,
            WHAT,
            Verdict.NOTE,
            login.name()
                + " has none"
                + (source == null ? "" : " for " + provider)
                + ", so its runs read "
                + (source == null
                    ? "only public repositories"
                    : source.gitUrl() + " only if it is public"),
            login.isServicePrincipal()
                ? "For a manager of the service principal: "
                    + command(provider)
                    + " and \"principal_id\": "
                    + (login.id() == null ? "<id>" : login.id())
                    + "; or databricks_git_credential in Terraform"
                : "For " + login.name() + ": " + command(provider)));
  }

  private static boolean has(List<String> providers, String provider) {
    return providers.stream().anyMatch(provider::equalsIgnoreCase);
  }

  /** With the token in a file: on a command line, others on the machine could read it. */
  private static String command(String provider) {
    return "databricks git-credentials create --json @FILE, where FILE has \"git_provider\": \""
        + provider
        + "\", \"git_username\", \"personal_access_token\"";
  }
}
