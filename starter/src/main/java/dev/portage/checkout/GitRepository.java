package dev.portage.checkout;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository that a workspace can take notebooks from.
 *
 * @param url {@code https://…} or {@code file:///…}, never with a login
 * @param provider Databricks' name of the hosting service
 */
public record GitRepository(String url, String provider) {

  /** By host; jobs API, {@code git_source.git_provider}. */
  private static final Map<String, String> PROVIDERS =
      Map.of(
          "github.com", "gitHub",
          "gitlab.com", "gitLab",
          "bitbucket.org", "bitbucketCloud",
          "dev.azure.com", "azureDevOpsServices");

  private static final Pattern SCP = Pattern.compile("(?:[^@/]+@)?([^:/]+):(?!//)(.+)");

  /** {@code git@ssh.dev.azure.com:v3/organisation/project/repository}. */
  private static final Pattern AZURE_SSH = Pattern.compile("/?v3/([^/]+)/([^/]+)/([^/]+)");

  /**
   * Reads an address as git knows it. A login in it is dropped; an ssh address becomes https.
   *
   * @throws CheckoutException when no workspace could read from there
   */
  public static GitRepository of(String address) {
    Matcher scp = SCP.matcher(address);
    if (!address.contains("://") && scp.matches()) {
      return overSsh(String.valueOf(scp.group(1)), String.valueOf(scp.group(2)));
    }
    URI uri;
    try {
      uri = new URI(address.strip().replace(" ", "%20"));
    } catch (URISyntaxException e) {
      // The address is not repeated: it may hold a login.
      throw unusable();
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "file" -> new GitRepository("file://" + path(uri), "gitHub");
      case "ssh" -> overSsh(host(uri), path(uri));
      case "https", "http" -> overHttp(scheme, uri);
      default -> throw unusable();
    };
  }

  private static GitRepository overHttp(String scheme, URI uri) {
    String host = host(uri);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return new GitRepository(scheme + "://" + host + port + path(uri), provider(host));
  }

  private static GitRepository overSsh(String host, String path) {
    Matcher azure = AZURE_SSH.matcher(path);
    if (host.endsWith("dev.azure.com") && azure.matches()) {
      return new GitRepository(
          "https://dev.azure.com/%s/%s/_git/%s"
              .formatted(azure.group(1), azure.group(2), azure.group(3)),
          "azureDevOpsServices");
    }
    String rooted = path.startsWith("/") ? path : "/" + path;
    return new GitRepository("https://" + host + rooted, provider(host));
  }

  private static String provider(String host) {
    if (host.endsWith(".visualstudio.com")) {
      return "azureDevOpsServices";
    }
    String known = PROVIDERS.get(host);
    if (known != null) {
      return known;
    }
    return host.contains("gitlab")
        ? "gitLabEnterpriseEdition"
        : host.contains("bitbucket") ? "bitbucketServer" : "gitHubEnterprise";
  }

  private static String path(URI uri) {
    if (uri.getRawPath() == null) {
      throw unusable();
    }
    return uri.getRawPath();
  }

  private static String host(URI uri) {
    if (uri.getHost() == null) {
      throw unusable();
    }
    return uri.getHost().toLowerCase(Locale.ROOT);
  }

  private static CheckoutException unusable() {
    return new CheckoutException(
        "no workspace can read notebooks from the repository's address;"
            + " name one as --repository https://HOST/PATH");
  }
}
