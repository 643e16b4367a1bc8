package dev.portage.temporal;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of Temporal's Web UI.
 *
 * @param address where it is, null where that is not known; paths are known all the same
 * @param namespace Temporal's namespace
 */
public record WebUi(@Nullable URI address, String namespace) {

  /** Names the address. */
  public static final String VARIABLE = "PORTAGE_TEMPORAL_UI";

  /** What is told of an address that can't be used. */
  public static final String WRONG =
      VARIABLE
          + " is not a valid address for Temporal's Web UI; use http or https, a host and no login, such as http://127.0.0.1:8233";

  /**
   * The address that is set; empty for none.
   *
   * @throws IllegalArgumentException when it is none; the message does not repeat it, since it may
   *     hold a login
   */
  public static Optional<URI> address(Map<String, String> environment) {
    String ui = environment.getOrDefault(VARIABLE, "").strip();
    if (ui.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI address = new URI(ui);
      if (String.valueOf(address.getScheme()).matches("https?")
          && address.getHost() != null
          && address.getUserInfo() == null) {
        return Optional.of(address);
      }
    } catch (URISyntaxException _) {
      // Told below.
    }
    throw new IllegalArgumentException(WRONG);
  }

  /** Path of a workflow. Behind it the UI shows the history of its latest run. */
  public String path(String workflow) {
    return "/namespaces/" + encoded(namespace) + "/workflows/" + encoded(workflow);
  }

  /** Page of a workflow; empty where no UI is known. */
  public Optional<URI> page(String workflow) {
    return at(path(workflow));
  }

  /**
   * Page of one run that shows what Portage says of it, and not its history: the tab User Metadata.
   * The UI has no such page for the latest run, whichever that is.
   */
  public Optional<URI> page(String workflow, String run) {
    return at(path(workflow) + "/" + encoded(run) + "/user-metadata");
  }

  /** List of the workflows that a query finds. */
  public Optional<URI> list(String query) {
    return at("/namespaces/" + encoded(namespace) + "/workflows?query=" + encoded(query));
  }

  private Optional<URI> at(String path) {
    return Optional.ofNullable(address)
        .map(base -> URI.create(base.toString().replaceAll("/+$", "") + path));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
