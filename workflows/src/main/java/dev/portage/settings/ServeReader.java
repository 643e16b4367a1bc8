package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads how a model is served, and refuses what no cutover could do. */
final class ServeReader {
  private static final String SERVE = "/serve";
  private static final String STEPS = SERVE + "/steps";
  private static final String LIMITS = SERVE + "/limits";

  private static final String NO_WATCH = "none";

  /** What Databricks takes as one request. */
  private static final List<String> FORMS =
      List.of("dataframe_split", "dataframe_records", "instances", "inputs");

  private final YamlDocument document;
  private final List<ValidationError> errors;

  ServeReader(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
  }

  /**
   * How it is served; null where the file serves nothing.
   *
   * @param model name of the model
   */
  @Nullable ServeSettings read(String model) {
    JsonNode serve = document.root().at(SERVE);
    if (serve.isMissingNode() || (serve.isBoolean() && !serve.booleanValue())) {
      return null;
    }
    Duration soak = duration("soak", ServeSettings.SOAK);
    int keep = serve.path("keep").asInt(ServeSettings.KEEP);
    return ServeSettings.of(endpoint(model)).toBuilder()
        .size(
            ServeSettings.Size.valueOf(serve.path("size").asText("small").toUpperCase(Locale.ROOT)))
        .scaleToZero(serve.path("scale-to-zero").asBoolean(false))
        .environment(environment(serve.path("environment")))
        .steps(steps(serve.path("steps")))
        .timeout(duration("timeout", ServeSettings.TIMEOUT))
        .soak(soak, longest(soak))
        .limits(limits(serve.path("limits")))
        .cases(cases(serve.path("cases")))
        .keep(keep)
        .watch(watch(serve.path("watch"), keep))
        .build();
  }

  /** A model's name may be longer than an endpoint's, and end in what that may not. */
  private String endpoint(String model) {
    String named = document.text(SERVE + "/endpoint");
    if (named != null) {
      return named;
    }
    if (!model.matches("[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")) {
      report(
          SERVE,
          "an endpoint can't be named \"" + model + "\" as the model is",
          "serve as a map with endpoint: at most 63 letters, digits, \"_\" and \"-\", with a letter"
              + " or digit first and last");
    }
    return model;
  }

  private static Map<String, String> environment(JsonNode node) {
    Map<String, String> environment = new LinkedHashMap<>();
    node.properties().forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    return environment;
  }

  private List<Integer> steps(JsonNode node) {
    if (node.isMissingNode()) {
      return ServeSettings.STEPS;
    }
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      int step = node.path(i).asInt();
      if (!steps.isEmpty() && step <= steps.getLast()) {
        report(
            STEPS + "/" + i,
            "serve.steps goes from " + steps.getLast() + " % to " + step + " %",
            "each step with more traffic than the one before, such as [5, 25, 50, 100]");
        return ServeSettings.STEPS;
      }
      steps.add(step);
    }
    if (steps.getLast() != 100) {
      steps.add(100);
    }
    return steps;
  }

  private Duration longest(Duration soak) {
    Duration longest = duration("longest-soak", ServeSettings.longest(soak));
    if (longest.compareTo(soak) < 0) {
      report(
          SERVE + "/longest-soak",
          "serve.longest-soak is "
              + WrittenDuration.text(longest)
              + ", which is shorter than the soak, "
              + WrittenDuration.text(soak),
          "at least the soak");
    }
    JsonNode serve = document.root().at(SERVE);
    if (serve.has("longest-soak") && !serve.path("limits").has("min-requests")) {
      report(
          SERVE + "/longest-soak",
          "serve.longest-soak bounds how long a step waits for limits.min-requests, which is missing",
          "both, or neither");
    }
    return longest;
  }

  /** Going back within a watch takes no start-up, so an old version has to be there. */
  private @Nullable ServeWatch watch(JsonNode node, int keep) {
    if (node.isMissingNode() || node.asText().equals(NO_WATCH)) {
      return null;
    }
    if (keep == 0) {
      report(
          SERVE + "/keep",
          "serve.keep is 0, but with serve.watch an old version has to stay, so that going back needs"
              + " no start-up",
          "1 or more, or no watch");
    }
    ServeWatch usual =
        ServeWatch.of(duration(node.isObject() ? "watch/for" : "watch", ServeSettings.SOAK));
    Duration every = node.isObject() ? duration("watch/every", usual.every()) : usual.every();
    if (every.compareTo(usual.lasts()) > 0) {
      report(
          SERVE + (node.isObject() ? "/watch/every" : "/watch"),
          "serve.watch is "
              + WrittenDuration.text(usual.lasts())
              + ", which is shorter than the time between two looks, "
              + WrittenDuration.text(every),
          "a watch that is at least as long as the time between two looks");
    }
    return new ServeWatch(usual.lasts(), every);
  }

  private Duration duration(String key, Duration usual) {
    String pointer = SERVE + "/" + key;
    String text = document.text(pointer);
    if (text == null) {
      return usual;
    }
    WrittenDuration.fault("serve." + key.replace('/', '.'), text)
        .ifPresent(fault -> report(pointer, fault, WrittenDuration.ALLOWED));
    return WrittenDuration.read(text).orElse(usual);
  }

  private ServeLimits limits(JsonNode node) {
    return new ServeLimits(
        latency(node.path("latency").asText("")),
        percent("errors", node),
        percent("agreement", node),
        node.has("min-requests") ? Integer.valueOf(node.path("min-requests").asInt()) : null,
        tolerance(node));
  }

  private @Nullable Double tolerance(JsonNode node) {
    if (!node.has("tolerance")) {
      return null;
    }
    if (!node.has("agreement")) {
      report(
          LIMITS + "/tolerance",
          "serve.limits.tolerance is how much a prediction may differ from the champion's for"
              + " limits.agreement, which is missing",
          "both, or neither");
    }
    return node.path("tolerance").asDouble();
  }

  private @Nullable Duration latency(String text) {
    if (text.isEmpty()) {
      return null;
    }
    boolean millis = text.endsWith("ms");
    long number = Long.parseLong(text.substring(0, text.length() - (millis ? 2 : 1)).strip());
    if (number == 0) {
      report(
          LIMITS + "/latency", "serve.limits.latency must be greater than zero", "such as 500ms");
    }
    return millis ? Duration.ofMillis(number) : Duration.ofSeconds(number);
  }

  private @Nullable Double percent(String key, JsonNode node) {
    String text = node.path(key).asText("");
    if (text.isEmpty()) {
      return null;
    }
    double share = Double.parseDouble(text.substring(0, text.length() - 1).strip());
    if (share > 100) {
      report(
          LIMITS + "/" + key,
          "serve.limits." + key + " is " + text + ", which is more than all",
          "0% to 100%");
    }
    return share;
  }

  private List<ServeCase> cases(JsonNode node) {
    List<ServeCase> cases = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      JsonNode one = node.path(i);
      JsonNode request = one.path("request");
      String pointer = SERVE + "/cases/" + i;
      String name = one.path("name").asText("case " + (i + 1));
      if (FORMS.stream().filter(request::has).count() != 1) {
        report(
            pointer + "/request",
            "the request of " + name + " is none that an endpoint takes",
            "exactly one of " + String.join(", ", FORMS));
      }
      if (!one.has("answer") && one.has("tolerance")) {
        report(
            pointer + "/tolerance",
            name + " has a tolerance, but no answer to compare with",
            "both, or neither");
      }
      cases.add(
          new ServeCase(
              name,
              request,
              one.has("answer") ? one.path("answer") : null,
              one.path("tolerance").asDouble(ServeCase.TOLERANCE)));
    }
    refuseTwice(cases);
    return cases;
  }

  private void refuseTwice(List<ServeCase> cases) {
    for (int i = 0; i < cases.size(); i++) {
      String name = cases.get(i).name();
      if (cases.subList(0, i).stream().anyMatch(one -> Objects.equals(one.name(), name))) {
        report(SERVE + "/cases/" + i, "two cases are named " + name, "a name of its own for each");
      }
    }
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
