package dev.portage.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.candidate.ModelLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** mlflow-export-import, if it is installed. */
final class Rival implements AutoCloseable {
  private final Fixture fixture;
  private final @Nullable LineProcess process;

  private Rival(Fixture fixture, @Nullable LineProcess process) {
    this.fixture = fixture;
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param python the one that has it, null for none
   */
  static Rival start(@Nullable Path python, Path scripts, Fixture fixture) throws IOException {
    if (python == null) {
      return new Rival(fixture, null);
    }
    Map<String, String> environment = new HashMap<>(Fixture.environment());
    environment.put("MLFLOW_TRACKING_URI", fixture.source().toString());
    return new Rival(
        fixture,
        new LineProcess(
            List.of(python.toString(), scripts.resolve("export_import.py").toString()),
            environment,
            fixture.scratch().resolve("export-import.log")));
  }

  boolean isThere() {
    return process != null;
  }

  /** Copies a run and answers the seconds it took. */
  double copy(ModelLocation model, Shape shape) throws IOException {
    if (process == null) {
      throw new IllegalStateException("it is not there");
    }
    String experiment = "/benchmark/export-import-" + shape.name();
    JsonNode copied =
        process.ask(
            LineProcess.order()
                .put("source", fixture.source().toString())
                .put("target", fixture.target().toString())
                .put("run", model.runId())
                .put("experimentName", experiment)
                .put("scratch", fixture.scratch().toString()));
    fixture.forget(fixture.targetExperiment(experiment), copied.path("run").asText());
    return copied.path("seconds").asDouble();
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
