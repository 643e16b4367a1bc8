package dev.portage.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Registered models and their versions, in memory. */
final class FakeRegistry {
  final Map<String, Map<String, String>> aliases = new TreeMap<>();
  final List<ObjectNode> versions = new CopyOnWriteArrayList<>();
  private int last;

  /** Whether searches still return nothing. */
  volatile boolean searchIsBehind;

  /** Answers, or returns false if the call is not one of its own. */
  boolean answer(FakeMlflow mlflow, String call, HttpUrl url, ObjectNode body, ObjectNode answer) {
    String name = body.path("name").asText();
    String version = body.path("version").asText();
    switch (call) {
      case "GET registered-models/get" -> get(url.queryParameter("name"), answer);
      case "POST registered-models/create" -> {
        if (aliases.putIfAbsent(name, new TreeMap<>()) != null) {
          throw new FakeReply.Refusal(400, MlflowErrors.EXISTS, "Registered Model exists");
        }
      }
      case "DELETE registered-models/alias" ->
          aliases.getOrDefault(name, Map.of()).remove(body.path("alias").asText());
      case "POST registered-models/alias" ->
          aliases
              .computeIfAbsent(name, _ -> new TreeMap<>())
              .put(body.path("alias").asText(), version);
      case "GET model-versions/search" ->
          FakeReply.page(
              answer,
              "model_versions",
              versions.stream()
                  .filter(_ -> !searchIsBehind)
                  .filter(v -> ("name='" + nameOf(v) + "'").equals(url.queryParameter("filter")))
                  .sorted(
                      Comparator.comparingInt((ObjectNode v) -> v.path("version").asInt())
                          .reversed())
                  .toList(),
              mlflow.page,
              url.queryParameter("page_token"));
      case "GET model-versions/get" ->
          answer.set(
              "model_version",
              withAliases(version(url.queryParameter("name"), url.queryParameter("version"))));
      case "POST model-versions/create" -> {
        ObjectNode made = body.deepCopy();
        made.put("version", String.valueOf(++last)).put("status", mlflow.newVersionStatus);
        versions.add(made.put("current_stage", "None"));
        answer.set("model_version", made);
      }
      case "DELETE model-versions/delete" -> versions.remove(version(name, version));
      case "POST model-versions/set-tag" ->
          FakeReply.set(version(name, version).withArray("tags"), body);
      case "POST model-versions/transition-stage" -> move(version(name, version), body);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void get(@Nullable String name, ObjectNode answer) {
    Map<String, String> known = aliases.get(String.valueOf(name));
    if (known == null) {
      throw FakeReply.absent("registered model");
    }
    ObjectNode model = answer.putObject("registered_model").put("name", name);
    known.forEach((alias, version) ->
        model.withArray("aliases").addObject().put("alias", alias).put("version", version));
  }

  private void move(ObjectNode moved, ObjectNode body) {
    if (body.path("archive_existing_versions").asBoolean()) {
      versions.stream()
          .filter(v -> nameOf(v).equals(nameOf(moved)))
          .filter(v -> v.path("current_stage").equals(body.path("stage")))
          .forEach(v -> v.put("current_stage", "Archived"));
    }
    moved.put("current_stage", body.path("stage").asText());
  }

  private ObjectNode withAliases(ObjectNode version) {
    ObjectNode copy = version.deepCopy();
    aliases
        .getOrDefault(nameOf(copy), Map.of())
        .forEach((alias, number) -> {
          if (number.equals(copy.path("version").asText())) {
            copy.withArray("aliases").add(alias);
          }
        });
    return copy;
  }

  private ObjectNode version(@Nullable String name, @Nullable String number) {
    return versions.stream()
        .filter(v -> nameOf(v).equals(name) && v.path("version").asText().equals(number))
        .findFirst()
        .orElseThrow(() -> FakeReply.absent("version"));
  }

  private static String nameOf(ObjectNode version) {
    return version.path("name").asText();
  }
}
