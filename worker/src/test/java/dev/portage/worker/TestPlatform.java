package dev.portage.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A platform file with two unreachable workspaces, and their secrets. */
final class TestPlatform {

  static final String DEV_TOKEN = "dapi-dev-0123456789";
  static final String PROD_TOKEN = "dapi-prod-0123456789";

  private TestPlatform() {}

  /** Writes it; prod's token is left for the test to write. */
  static Path write(Path folder) throws IOException {
    Files.writeString(folder.resolve("dev.token"), DEV_TOKEN + "\n");
    Files.writeString(folder.resolve("dev-reader.token"), DEV_TOKEN + "\n");
    return Files.writeString(
        folder.resolve("portage.yaml"),
        """
        workspaces:
          dev:
            host: http://127.0.0.1:9
            token: file:dev.token
            reader: file:dev-reader.token
            pool: ml-small
          prod:
            host: http://127.0.0.2:9
            token: file:prod.token
        tiers: { all: { models: ["*"], approve: [model-owners] } }
        identity: claimed
        groups: { model-owners: [ana@example.com] }
        """);
  }
}
