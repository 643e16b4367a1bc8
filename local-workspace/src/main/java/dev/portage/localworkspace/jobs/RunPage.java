package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The page of a run: its state, and each cell with what it printed and how it failed. */
final class RunPage {
  /** The name of the file in a task's folder to which its runner writes one JSON line per cell. */
  static final String CELLS = "cells.jsonl";

  private final RunEngine engine;

  RunPage(RunEngine engine) {
    this.engine = engine;
  }

  void addTo(RoutesConfig routes) {
    routes.addHttpHandler(HandlerType.GET, "/jobs/{job}/runs/{run}", this::show);
  }

  private void show(Context context) throws IOException {
    long id;
    try {
      id = Long.parseLong(context.pathParam("run"));
    } catch (NumberFormatException e) {
      id = -1;
    }
    long runId = id;
    Optional<JobRun> found = engine.find(runId).or(() -> engine.findByTask(runId));
    if (found.isEmpty()
        || !context.pathParam("job").equals(Long.toString(found.get().plan.requested().jobId()))) {
      context
          .status(404)
          .html("<!doctype html><title>Run not found</title><p>This workspace has no such run.");
      return;
    }
    JobRun run = found.get();
    StringBuilder html = new StringBuilder(4096);
    html.append("<!doctype html><html lang=en><meta charset=utf-8><title>")
        .append(escape(run.plan.requested().name()))
        .append(
            "</title><style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}")
        .append(
            "pre{background:#f4f4f4;padding:.6rem;overflow-x:auto}pre.error{background:#fdeaea}")
        .append("dt{float:left;width:9rem;color:#555}</style><h1>")
        .append(escape(run.plan.requested().name()))
        .append("</h1><dl>");
    fact(html, "Run", Long.toString(run.id));
    fact(html, "Job", Long.toString(run.plan.requested().jobId()));
    fact(html, "State", state(run.progress.now()));
    fact(html, "Run as", run.plan.requested().creator());
    ObjectNode git = run.plan.gitSource();
    fact(html, "Repository", git == null ? null : git.path("git_url").asText());
    fact(html, "Commit", run.usedCommit());
    html.append("</dl>");
    for (TaskRun task : run.allTasks().toList()) {
      task(html, task);
    }
    context.html(html.toString());
  }

  private static void task(StringBuilder html, TaskRun task) throws IOException {
    html.append("<h2>").append(escape(task.plan.key())).append("</h2><dl>");
    fact(html, "Task run", Long.toString(task.id));
    fact(html, "State", state(task.progress.now()));
    switch (task.plan.work()) {
      case Work.Notebook notebook -> fact(html, "Notebook", notebook.path());
      case Work.PythonFile python -> fact(html, "Python file", python.file());
      case Work.Wheel wheel ->
          fact(html, "Python wheel", wheel.entryPoint() + " of " + wheel.pack());
    }
    html.append("</dl>");
    switch (task.outcome()) {
      case TaskOutcome.Failed failed -> {
        pre(html, "error", failed.error());
        if (failed.trace() != null) {
          pre(html, "error", failed.trace());
        }
      }
      case TaskOutcome.Missing missing -> pre(html, "error", missing.message());
      case TaskOutcome.Succeeded(String value) when value != null -> {
        html.append("<p>Exit value:");
        pre(html, "", value);
      }
      case TaskOutcome.Succeeded _ -> {}
      case null -> {}
    }
    Path cells = task.folder.resolve(CELLS);
    if (Files.exists(cells)) {
      List<String> lines;
      try (Stream<String> all = Files.lines(cells, StandardCharsets.UTF_8)) {
        lines = all.limit(1000).toList();
      }
      for (String line : lines) {
        cell(html, Json.read(line.getBytes(StandardCharsets.UTF_8)));
      }
    } else if (Files.exists(task.folder.resolve(RunOutput.LOG))) {
      pre(html, "", RunOutput.of(task).path("logs").asText());
    }
  }

  private static void cell(StringBuilder html, JsonNode cell) {
    html.append("<h3>")
        .append(escape(cell.path("notebook").asText()))
        .append(", cell ")
        .append(cell.path("cell").asInt())
        .append("</h3>");
    pre(html, "", cell.path("source").asText());
    if (!cell.path("output").asText().isEmpty()) {
      pre(html, "", cell.path("output").asText());
    }
    if (cell.hasNonNull("error")) {
      pre(html, "error", cell.get("error").asText());
    }
  }

  private static String state(Progress.Snapshot now) {
    Ending ending = now.ending();
    if (ending == null) {
      return now.lifeCycle().name();
    }
    return now.lifeCycle()
        + (ending.result() == null ? "" : " " + ending.result())
        + (ending.message().isEmpty() ? "" : ": " + ending.message());
  }

  private static void fact(StringBuilder html, String name, @Nullable String value) {
    if (value != null) {
      html.append("<dt>").append(name).append("<dd>").append(escape(value));
    }
  }

  private static void pre(StringBuilder html, String kind, String text) {
    html.append("<pre class=\"").append(kind).append("\">").append(escape(text)).append("</pre>");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
