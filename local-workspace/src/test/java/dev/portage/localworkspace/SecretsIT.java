package dev.portage.localworkspace;

import static dev.portage.localworkspace.NotebookWorkspace.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databricks' own Python client makes a scope, and a notebook's cluster takes a value from it. */
class SecretsIT {
  private static final String VALUE = "s3cr3t-of-the-hub";

  @TempDir Path folder;

  @Test
  void whatThePythonClientPutsReachesACodesEnvironmentAndNoLog()
      throws IOException, InterruptedException {
    Process probe = Python.run(List.of("-c", "import databricks.sdk")).start();
    assumeThat(probe.waitFor()).as("databricks-sdk is in the environment").isZero();
    try (NotebookWorkspace notebooks = new NotebookWorkspace(folder)) {
      String commit =
          notebooks.repository.commit(
              Map.of(
                  "shows.py",
                  HEADER
                      + """
                      import os, subprocess, sys
                      token = os.environ["HUB_TOKEN"]
                      print("token:", token)
                      print("token:", token, file=sys.stderr)
                      print("all:", dict(os.environ))
                      assert dbutils.secrets.get("ml", "hub") == token
                      dbutils.notebook.exit(f"{len(token)} {os.environ['MODE']}")
                      """,
                  "fails.py",
                  HEADER + "import os\nraise ValueError('refused ' + os.environ['HUB_TOKEN'])\n"));
      Path script = folder.resolve("client.py");
      try (var in = SecretsIT.class.getResourceAsStream("/secrets-client.py")) {
        if (in == null) {
          throw new IOException("secrets-client.py is missing from the test resources");
        }
        Files.write(script, in.readAllBytes());
      }
      Path log = folder.resolve("client.log");
      ProcessBuilder builder =
          Python.run(List.of(script.toString(), notebooks.repository.url(), commit))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("DATABRICKS_HOST", notebooks.workspace.host().toString());
      builder.environment().put("DATABRICKS_TOKEN", "token-of-ana");
      builder.environment().put("SECRET_VALUE", VALUE);

      int exit = builder.start().waitFor();

      assertThat(Files.readString(log)).contains("all of it works");
      assertThat(exit).isZero();
    }
    try (Stream<Path> files = Files.walk(folder.resolve("state"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.endsWith("secrets/ml/hub")) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(VALUE);
        }
      }
    }
  }
}
