package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.compute.Library;
import dev.portage.compute.Machines;
import dev.portage.compute.ServerlessCompute;
import dev.portage.compute.Workers;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sections {@code compute}: the one at the top of the file and those of workspaces. A key
 * set in a workspace overrides the one at the top; a key about machines overrides everything said
 * about machines there.
 */
final class ComputeReader {

  private static final String SERVERLESS = "serverless";
  private static final String POOL = "pool";
  private static final String NODE_TYPE = "node-type";
  private static final String RUNTIME = "runtime";
  private static final String POLICY = "policy";
  private static final String TAGS = "tags";

  private static final Set<String> MACHINES =
      Set.of(SERVERLESS, POOL, "driver-pool", NODE_TYPE, "driver-node-type");

  /** Of these, one that a workspace gives takes the place of all. */
  private static final Set<String> WHAT_IT_RUNS_ON = Set.of(SERVERLESS, POOL, NODE_TYPE);

  /** What means nothing without a cluster of one's own. */
  private static final List<String> OF_CLUSTERS =
      List.of("workers", RUNTIME, POLICY, "spark", "variables", TAGS);

  /** Every cluster has these already. */
  private static final Set<String> TAGS_OF_DATABRICKS =
      Set.of("Vendor", "Creator", "ClusterName", "ClusterId");

  private final YamlDocument document;
  private final List<ValidationError> errors;

  ComputeReader(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
  }

  /** A word as one workspace has it: the pointer of each of its keys, to look its value up by. */
  private record Word(String name, String workspace, String pointer, Map<String, String> keys) {
    boolean has(String key) {
      return keys.containsKey(key);
    }
  }

  /** All words of a workspace; {@link ComputeSettings#DEFAULT} is always among them. */
  Map<String, ComputeSettings> read(String workspace) {
    Map<String, ComputeSettings> settings = new TreeMap<>();
    words(workspace)
        .values()
        .forEach(word -> {
          int before = errors.size();
          ComputeSettings read = settings(word);
          if (errors.size() == before) {
            settings.put(word.name(), read);
          }
        });
    settings.putIfAbsent(ComputeSettings.DEFAULT, ComputeSettings.serverless());
    return settings;
  }

  private Map<String, Word> words(String workspace) {
    String own = "/workspaces/" + workspace;
    Map<String, Word> words = new LinkedHashMap<>();
    for (String top : names("/compute")) {
      put(words, top, workspace, "/compute/" + top, keys("/compute/" + top));
    }
    for (String here : names(own + "/compute")) {
      put(words, here, workspace, own + "/compute/" + here, keys(own + "/compute/" + here));
    }
    shortForm(words, workspace, own);
    return words;
  }

  /** {@code pool} and {@code runtime} of the workspace itself: its word default in short. */
  private void shortForm(Map<String, Word> words, String workspace, String own) {
    String full = own + "/compute/" + ComputeSettings.DEFAULT;
    Map<String, String> keys = keys(own);
    keys.keySet().retainAll(List.of(POOL, RUNTIME));
    if (keys.isEmpty()) {
      return;
    }
    if (!node(full).isMissingNode()) {
      String key = keys.keySet().iterator().next();
      report(
          own + "/" + key,
          "workspace "
              + workspace
              + " has \""
              + key
              + "\" and a word \"default\", which both apply to steps that name no word",
          "one of them");
      return;
    }
    Word top = words.get(ComputeSettings.DEFAULT);
    boolean onCluster =
        keys.containsKey(POOL) || (top != null && !top.has(SERVERLESS) && !top.keys().isEmpty());
    // A runtime alone says nothing of serverless compute, and never did.
    if (onCluster) {
      put(words, ComputeSettings.DEFAULT, workspace, own, keys);
    }
  }

  private static void put(
      Map<String, Word> words,
      String name,
      String workspace,
      String pointer,
      Map<String, String> given) {
    Word under = words.get(name);
    Map<String, String> keys = new LinkedHashMap<>(under == null ? Map.of() : under.keys());
    if (given.keySet().stream().anyMatch(WHAT_IT_RUNS_ON::contains)) {
      keys.keySet().removeAll(MACHINES);
    }
    if (given.containsKey(SERVERLESS)) {
      OF_CLUSTERS.forEach(keys::remove);
    }
    keys.putAll(given);
    words.put(name, new Word(name, workspace, pointer, keys));
  }

  private ComputeSettings settings(Word word) {
    List<Library> libraries = libraries(word);
    if (word.has(SERVERLESS)) {
      return serverless(word, libraries);
    }
    checkMachines(word);
    return new ClusterCompute(
        new Machines(
            text(word, POOL),
            text(word, "driver-pool"),
            text(word, NODE_TYPE),
            text(word, "driver-node-type")),
        workers(word),
        text(word, RUNTIME),
        text(word, POLICY),
        named(word, "spark"),
        named(word, "variables"),
        libraries,
        tags(word));
  }

  private ComputeSettings serverless(Word word, List<Library> libraries) {
    String pointer = pointer(word, SERVERLESS);
    JsonNode value = node(pointer);
    if (value.isBoolean() && !value.booleanValue()) {
      report(
          pointer,
          name(pointer) + " is false",
          "true, or an environment version such as 4; for a cluster pool, node-type or policy");
    }
    for (String key : word.keys().keySet()) {
      if (OF_CLUSTERS.contains(key) || (MACHINES.contains(key) && !key.equals(SERVERLESS))) {
        report(
            pointer(word, key),
            "word " + word.name() + " is serverless, but \"" + key + "\" is for clusters",
            "serverless with libraries; or a cluster, without serverless");
      }
    }
    for (Library library : libraries) {
      if (library instanceof Library.Jar) {
        report(
            pointer(word, "libraries"),
            "word " + word.name() + " is serverless, which can't install jars",
            "packages, wheels and requirements files; or a cluster");
      }
    }
    return new ServerlessCompute(value.isBoolean() ? null : value.asText(), libraries);
  }

  private void checkMachines(Word word) {
    if (word.has(POOL) && word.has(NODE_TYPE)) {
      report(
          pointer(word, NODE_TYPE),
          "word "
              + word.name()
              + " has both pool and node-type; a pool's machines have the pool's node type",
          "one of them");
    }
    needs(word, "driver-pool", POOL);
    needs(word, "driver-node-type", NODE_TYPE);
    if (!word.has(POOL) && !word.has(NODE_TYPE) && !word.has(POLICY)) {
      report(
          word.pointer(),
          "word " + word.name() + " doesn't say what it runs on in workspace " + word.workspace(),
          "serverless, pool, node-type or policy");
    }
  }

  private void needs(Word word, String key, String other) {
    if (word.has(key) && !word.has(other) && !word.has(POLICY)) {
      report(
          pointer(word, key),
          "word " + word.name() + " has " + key + " without " + other,
          "both, or " + other + " alone");
    }
  }

  private @Nullable Workers workers(Word word) {
    if (!word.has("workers")) {
      return null;
    }
    String pointer = pointer(word, "workers");
    JsonNode value = node(pointer);
    if (!value.isObject()) {
      return Workers.fixed(value.asInt());
    }
    int min = value.path("min").asInt();
    int max = value.path("max").asInt();
    if (max < min) {
      report(pointer, name(pointer) + " has max " + max + " below min " + min, "min up to max");
      return null;
    }
    return new Workers(min, max);
  }

  private List<Library> libraries(Word word) {
    List<Library> libraries = new ArrayList<>();
    if (!word.has("libraries")) {
      return libraries;
    }
    String pointer = pointer(word, "libraries");
    JsonNode value = node(pointer);
    for (int i = 0; i < (value.isArray() ? value.size() : 1); i++) {
      String at = value.isArray() ? pointer + "/" + i : pointer;
      String text = node(at).asText();
      if (SecretValues.refuse(document, at, null, text, errors)) {
        continue;
      }
      Library.of(text)
          .ifPresentOrElse(
              libraries::add,
              () -> report(at, "nothing can be installed by \"" + text + "\"", Library.FORMS));
    }
    return libraries;
  }

  private Map<String, String> named(Word word, String key) {
    Map<String, String> named = new TreeMap<>();
    if (!word.has(key)) {
      return named;
    }
    String pointer = pointer(word, key);
    for (Map.Entry<String, JsonNode> entry : node(pointer).properties()) {
      String at = pointer + "/" + YamlDocument.escape(entry.getKey());
      String value = document.written(at);
      if (entry.getKey().equals("MLFLOW_RUN_CONTEXT")) {
        report(at, "MLFLOW_RUN_CONTEXT is set by Portage itself", "any other variable");
      } else if (!SecretValues.refuse(document, at, entry.getKey(), value, errors)) {
        named.put(entry.getKey(), value);
      }
    }
    return named;
  }

  /** They appear on bills, so they may contain neither secrets nor references to them. */
  private Map<String, String> tags(Word word) {
    Map<String, String> tags = new TreeMap<>();
    if (!word.has(TAGS)) {
      return tags;
    }
    String pointer = pointer(word, TAGS);
    for (Map.Entry<String, JsonNode> entry : node(pointer).properties()) {
      String at = pointer + "/" + YamlDocument.escape(entry.getKey());
      String value = document.written(at);
      if (TAGS_OF_DATABRICKS.contains(entry.getKey())) {
        report(at, "tag " + entry.getKey() + " is set by Databricks itself", "any other tag");
      } else if (value.contains("{{")) {
        report(at, name(at) + " contains a reference, which tags don't resolve", "plain text");
      } else if (!SecretValues.refuse(document, at, null, value, errors)) {
        tags.put(entry.getKey(), value);
      }
    }
    return tags;
  }

  private List<String> names(String pointer) {
    List<String> names = new ArrayList<>();
    node(pointer).fieldNames().forEachRemaining(names::add);
    return names;
  }

  private Map<String, String> keys(String pointer) {
    Map<String, String> keys = new LinkedHashMap<>();
    names(pointer).forEach(key -> keys.put(key, pointer + "/" + YamlDocument.escape(key)));
    return keys;
  }

  private @Nullable String text(Word word, String key) {
    return word.has(key) ? node(pointer(word, key)).asText() : null;
  }

  private static String pointer(Word word, String key) {
    return word.keys().getOrDefault(key, word.pointer());
  }

  private JsonNode node(String pointer) {
    return document.root().at(pointer);
  }

  private static String name(String pointer) {
    return pointer.substring(1).replace('/', '.');
  }

  /** A word at the top is read for each workspace; an error in it is reported once. */
  private void report(String pointer, String what, String allowed) {
    ValidationError error = document.error(pointer, what, allowed, null);
    if (!errors.contains(error)) {
      errors.add(error);
    }
  }
}
