package dev.portage.localworkspace.jobs;

import java.net.URI;
import java.util.function.Supplier;

/**
 * The workspace that runs belong to.
 *
 * @param host where it is reached; known once its server listens
 * @param workspaceId its id
 */
public record Home(Supplier<URI> host, String workspaceId) {

  /** Where it is reached. */
  public URI address() {
    return host.get();
  }
}
