package dev.portage.sandbox.process;

import java.util.List;
import java.util.Map;

/** Settings from a person's shell that would change how a part of the sandbox behaves. */
public final class ForeignSettings {
  private static final List<String> PREFIXES =
      List.of(
          "MLFLOW_",
          "_MLFLOW_",
          "DATABRICKS_",
          "PYTHON",
          "TEMPORAL_",
          "PORTAGE_",
          "GUNICORN_",
          "UVICORN_");

  private ForeignSettings() {}

  /** Removes them from the environment of a process that is about to start. */
  public static void removeFrom(Map<String, String> environment) {
    environment.keySet().removeIf(name -> PREFIXES.stream().anyMatch(name::startsWith));
    environment.put("PYTHONUNBUFFERED", "1");
  }
}
