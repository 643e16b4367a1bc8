package dev.portage.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.sandbox.RealServers;
import dev.portage.sandbox.process.ForeignSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Models that MLflow's own Python client logged on the real server "dev", and reads back. */
public final class RealModels {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RealModels() {}

  private static final class Logged {
    static final JsonNode MODELS =
        python("log_models.py", RealServers.mlflow("dev").toString(), "/portage/real-models");
  }

  /** The run id, and in the newer layout the model id, of a model that log_models.py names. */
  static JsonNode logged(String name) {
    return Logged.MODELS.path(name);
  }

  /** Reads versions back, each given as server, model and version. */
  static JsonNode read(String... versions) {
    return python("read_versions.py", versions);
  }

  /** The two servers as Portage reaches them. */
  static MlflowServers servers(OutboundHttp http) {
    return servers(http, RealServers.mlflow("dev"), RealServers.mlflow("prod"));
  }

  /** Two servers as Portage reaches them. */
  public static MlflowServers servers(OutboundHttp http, URI dev, URI prod) {
    return new MlflowServers() {
      @Override
      public MlflowServer of(String workspace) {
        URI uri = workspace.equals("prod") ? prod : dev;
        return new MlflowServer(http, uri, () -> null, workspace, MlflowPages.ofMlflow(uri));
      }

      @Override
      public MlflowServer readerOf(String workspace) {
        return of(workspace);
      }
    };
  }

  /** An HTTP client without a proxy. */
  static OutboundHttp http() {
    return OutboundHttp.open(NetworkSettings.direct());
  }

  private static JsonNode python(String script, String... arguments) {
    try {
      Path file = Files.createTempFile("portage-real-models", ".py");
      try (var source = RealModels.class.getResourceAsStream(script)) {
        Files.write(file, Objects.requireNonNull(source, script).readAllBytes());
      }
      Path errors = Files.createTempFile("portage-real-models", ".log");
      List<String> command = new ArrayList<>();
      command.add(RealServers.keeper().python().toString());
      command.add(file.toString());
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      ForeignSettings.removeFrom(builder.environment());
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(script + " failed:\n" + Files.readString(errors));
      }
      Files.delete(file);
      Files.delete(errors);
      return JSON.readTree(output.lines().toList().getLast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
