package dev.portage.sandbox.world;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** The sandbox's platform file, as a platform team would write it. */
final class PlatformFileText {
  /** One approval by any of these is enough for the sandbox's only group. */
  static final List<String> OWNERS = List.of("ana@example.com", "ben@example.com");

  static final String POOL = "ml-small";

  private PlatformFileText() {}

  /**
   * The file. Its references to secrets are relative, so each worker's folder decides which of them
   * there are.
   *
   * @param hosts address of each workspace, in order of the path
   * @param pages where people see the MLflow pages of each
   */
  static String of(Map<String, URI> hosts, Map<String, URI> pages) {
    StringBuilder text =
        new StringBuilder(
            """
            # The platform file of this sandbox, read by its workers at each step: change what you
            # like, it is written only where it is missing. Every key: docs/configuration.md.
            workspaces:
            """);
    hosts.forEach((name, host) ->
        text.append(
            """
              %1$s:
                kind: databricks
                host: %2$s
                ui: %3$s
                token: file:%1$s.token
                reader: file:%1$s-reader.token
                pool: %4$s
            """
                .formatted(name, host, pages.get(name), POOL)));
    text.append(
        """
        tiers:
          all: { models: ["*"], approve: [model-owners] }
        # People are believed to be who they say they are: fine on one machine, nowhere else.
        identity: claimed
        groups:
          model-owners: [%s]
        """
            .formatted(String.join(", ", OWNERS)));
    return text.toString();
  }
}
