package dev.portage.checkout;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hosts of repositories: what each is, and where its pages are. */
final class GitHost {

  /** Azure Repos' name among the services. */
  static final String AZURE_REPOS = "azureDevOpsServices";

  /** Jobs API, {@code git_source.git_provider}. */
  private static final Map<String, String> PROVIDERS =
      Map.of(
          "github.com", "gitHub",
          "gitlab.com", "gitLab",
          "bitbucket.org", "bitbucketCloud",
          "dev.azure.com", AZURE_REPOS);

  private static final String LIKELIEST = "gitHubEnterprise";

  /** Hosts that speak ssh for another, as where only port 443 is open. */
  private static final Map<String, String> SSH =
      Map.of(
          "ssh.github.com", "github.com",
          "altssh.gitlab.com", "gitlab.com",
          "altssh.bitbucket.org", "bitbucket.org",
          "ssh.dev.azure.com", "dev.azure.com");

  /** Every name of a service that the Jobs API knows, in its order. */
  static final List<String> SERVICES =
      List.of(
          "gitHub",
          "gitHubEnterprise",
          "gitLab",
          "gitLabEnterpriseEdition",
          "bitbucketCloud",
          "bitbucketServer",
          AZURE_REPOS,
          "awsCodeCommit");

  private GitHost() {}

  /** Whether everyone knows it. */
  static boolean isPublic(String host) {
    return PROVIDERS.containsKey(host)
        || host.endsWith(".visualstudio.com")
        || host.startsWith("git-codecommit");
  }

  /** The host by the name that its pages have. */
  static String overHttps(String host) {
    return host.startsWith("www.") && PROVIDERS.containsKey(host.substring(4))
        ? host.substring(4)
        : host;
  }

  /**
   * The host behind an ssh name; empty if the name comes from this machine's ssh settings and may
   * stand for any host.
   */
  static Optional<String> behindSsh(String host) {
    String behind = SSH.get(host);
    if (behind != null) {
      return Optional.of(behind);
    }
    if (PROVIDERS.containsKey(host)) {
      return Optional.of(host);
    }
    // Several keys for one service: "github.com-work" is what its own documentation teaches.
    for (String known : PROVIDERS.keySet()) {
      if (host.startsWith(known + "-") || host.startsWith(known + "_")) {
        return Optional.of(known);
      }
    }
    int dot = host.lastIndexOf('.');
    String last = host.substring(dot + 1);
    boolean real =
        host.startsWith("[")
            || (dot > 0 && !host.contains("_") && (last.startsWith("xn--") || !last.contains("-")));
    boolean ofService = PROVIDERS.keySet().stream().anyMatch(known -> host.endsWith("." + known));
    return real && !ofService ? Optional.of(host) : Optional.empty();
  }

  /** Databricks' name for the service. For a self-hosted server, name and path must reveal it. */
  static String provider(String host, String path) {
    String known = PROVIDERS.get(host);
    if (known != null) {
      return known;
    }
    if (host.startsWith("git-codecommit")) {
      return "awsCodeCommit";
    }
    if (host.endsWith(".visualstudio.com") || path.contains("/_git/")) {
      return AZURE_REPOS;
    }
    if (host.contains("gitlab")) {
      return "gitLabEnterpriseEdition";
    }
    return host.contains("bitbucket") || host.contains("stash") || path.startsWith("/scm/")
        ? "bitbucketServer"
        : LIKELIEST;
  }

  /** Whether neither name nor path reveals the service, so that the most likely one is assumed. */
  static boolean isGuessed(String host, String provider) {
    return provider.equals(LIKELIEST) && !host.contains("github") && !host.endsWith(".ghe.com");
  }
}
