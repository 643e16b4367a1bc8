package dev.portage.checkout;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository that a workspace can get notebooks from.
 *
 * @param url {@code https://…} or {@code file:///…}, never with a login
 * @param provider Databricks' name of the hosting service
 */
public record GitRepository(String url, String provider) {

  private static final Pattern FILE = Pattern.compile("file://(?:localhost)?(/.*)");

  /** What {@code git-remote-codecommit} reads: a region, a profile, a repository. */
  private static final Pattern CODE_COMMIT =
      Pattern.compile("codecommit::([a-z0-9-]+)://(?:[^@/]+@)?([\\w.-]+)/?");

  /** {@code v3/organisation/project/repository}, Azure DevOps over ssh. */
  private static final Pattern AZURE_SSH = Pattern.compile("/v3/([^/]+)/([^/]+)/([^/]+)");

  /** {@code DefaultCollection/project/_ssh/repository}, the same as it was before. */
  private static final Pattern AZURE_OLD_SSH = Pattern.compile("(/.*)?/_ssh/([^/]+)");

  /** Bitbucket's own port for ssh, where it runs in a house of its own. */
  private static final int BITBUCKET_SSH = 7999;

  /**
   * Reads an address as git knows it. A login in it is dropped; an ssh address becomes https.
   *
   * @throws CheckoutException if it doesn't say where a workspace could read from
   */
  public static GitRepository of(String address) {
    String stripped = address.strip();
    Matcher file = FILE.matcher(stripped);
    if (file.matches()) {
      return new GitRepository(
          "file://" + GitAddress.path(String.valueOf(file.group(1))), "gitHub");
    }
    Matcher codeCommit = CODE_COMMIT.matcher(stripped);
    if (codeCommit.matches()) {
      return over(
          "https",
          "git-codecommit." + codeCommit.group(1) + ".amazonaws.com",
          "/v1/repos/" + codeCommit.group(2));
    }
    GitAddress read = GitAddress.of(stripped).orElseThrow(() -> unusable("it is not a Git URL"));
    return switch (read.scheme()) {
      case "https", "http" -> overHttp(read);
      case "ssh" -> overSsh(read);
      // Nobody vouches for what comes that way, and no workspace takes it; the host is the same.
      case "git" -> {
        if (!GitHost.isPublic(read.host())) {
          throw unusable("workspaces can't read git:// URLs");
        }
        yield over("https", read.host(), read.path());
      }
      default -> throw unusable("workspaces can't read " + read.scheme() + ":// URLs");
    };
  }

  /**
   * Whether two addresses are of one repository, though one may be over ssh, hold a login, or be
   * written otherwise; empty when one of them can't be read.
   */
  public static Optional<Boolean> same(String one, String other) {
    try {
      return Optional.of(of(one).plain().equals(of(other).plain()));
    } catch (CheckoutException _) {
      return Optional.empty();
    }
  }

  /**
   * The same, on the service that the user named.
   *
   * @throws CheckoutException when Databricks knows no service by that name
   */
  public GitRepository on(String service) {
    if (!GitHost.SERVICES.contains(service)) {
      throw new CheckoutException(
          "\""
              + service
              + "\" is not a Git provider; allowed: "
              + String.join(", ", GitHost.SERVICES));
    }
    return new GitRepository(url, service);
  }

  /** Whether it is in Azure Repos. */
  public boolean isOfAzureRepos() {
    return provider.equals(GitHost.AZURE_REPOS);
  }

  /** Whether nothing reveals the service of its host, so that the most likely one is assumed. */
  public boolean isGuessed() {
    String host = URI.create(url).getHost();
    return host != null && GitHost.isGuessed(host, provider);
  }

  /** One spelling for each repository: services ignore case and these differences. */
  private String plain() {
    return url.toLowerCase(Locale.ROOT)
        .replaceFirst("^https?://", "")
        .replaceFirst("^([\\w-]+)\\.visualstudio\\.com/", "dev.azure.com/$1/")
        .replaceFirst("^(dev\\.azure\\.com/[^/]+)/defaultcollection/", "$1/")
        // A project's main repository has its name, and the address may omit it.
        .replaceFirst("^(dev\\.azure\\.com/[^/]+)/_git/([^/]+)$", "$1/$2/_git/$2")
        .replaceFirst("\\.git$", "");
  }

  private static GitRepository overHttp(GitAddress read) {
    String host = GitHost.overHttps(read.host());
    boolean usual = read.port() < 0 || read.port() == (read.scheme().equals("http") ? 80 : 443);
    return over(
        GitHost.isPublic(host) ? "https" : read.scheme(),
        host + (usual ? "" : ":" + read.port()),
        read.path());
  }

  private static GitRepository overSsh(GitAddress read) {
    String host =
        GitHost.behindSsh(read.host())
            .orElseThrow(() -> unusable("its host is an alias from this machine's ssh settings"));
    Matcher azure = AZURE_SSH.matcher(read.path());
    boolean old = host.endsWith(".visualstudio.com");
    if (azure.matches() && (old || host.equals("dev.azure.com"))) {
      return over(
          "https",
          "dev.azure.com",
          "/%s/%s/_git/%s".formatted(azure.group(1), azure.group(2), azure.group(3)));
    }
    if (old) {
      return overOldAzureSsh(host, read);
    }
    if (host.equals("dev.azure.com")) {
      throw unusable("it is not a valid Azure DevOps address");
    }
    // The port is ssh's; where the pages are, nobody knows better than the usual one.
    boolean bitbucket = read.port() == BITBUCKET_SSH || host.contains("bitbucket");
    boolean ownHouse = bitbucket && !GitHost.isPublic(host);
    return over(
        "https",
        host,
        ownHouse && !read.path().startsWith("/scm/") ? "/scm" + read.path() : read.path());
  }

  private static GitRepository overOldAzureSsh(String host, GitAddress read) {
    // Written with the port as host:22/path, which git takes for a part of the path.
    String path = read.path().replaceFirst("^/22/", "/");
    Matcher old = AZURE_OLD_SSH.matcher(path);
    String organisation =
        host.equals("vs-ssh.visualstudio.com") ? read.user() + ".visualstudio.com" : host;
    if (old.matches() && organisation.matches("[\\w-]+\\.visualstudio\\.com")) {
      String before = old.group(1) == null ? "" : old.group(1);
      return over("https", organisation, before + "/_git/" + old.group(2));
    }
    if (path.contains("/_git/") && organisation.equals(host)) {
      return over("https", host, path);
    }
    throw unusable("it is not a valid Azure DevOps address");
  }

  private static GitRepository over(String scheme, String host, String path) {
    if (path.isEmpty() || path.equals("/")) {
      throw unusable("it names a host but no repository");
    }
    return new GitRepository(scheme + "://" + host + path, GitHost.provider(host, path));
  }

  /** The address is not repeated: it may hold a login. */
  private static CheckoutException unusable(String why) {
    return new CheckoutException(
        "workspaces can't read notebooks from the repository's address: "
            + why
            + "; set --repository https://HOST/PATH, or file:///PATH for a workspace on this machine");
  }
}
