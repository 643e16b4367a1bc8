package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how a model is served, and refuses what no cutover could do. */
final class ServeReader {
  private static final String SERVE = "/serve";
  private static final String STEPS = SERVE + "/steps";
  private static final String LIMITS = SERVE + "/limits";
  private static final String CASES = SERVE + "/cases";

  private static final String NO_WATCH = "none";

  private final YamlDocument document;
  private final List<ValidationError> errors;

  /** Keys whose durations were refused; what is compared with them proves nothing. */
  private final Set<String> refused = new HashSet<>();

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
    Duration soak =
        within("soak", ServeSettings.SOAK, Duration.ofSeconds(1), ServeSettings.MOST_SOAK);
    int keep = serve.path("keep").asInt(ServeSettings.KEEP);
    return ServeSettings.of(endpoint(model)).toBuilder()
        .size(ServeSettings.Size.of(serve.path("size").asText("small")))
        .scaleToZero(serve.path("scale-to-zero").asBoolean(false))
        .environment(environment(serve.path("environment")))
        .steps(steps(serve.path("steps")))
        .timeout(
            within(
                "timeout",
                ServeSettings.TIMEOUT,
                ServeSettings.LEAST_TIMEOUT,
                ServeSettings.MOST_TIMEOUT))
        .soak(soak, longest(soak))
        .limits(limits(serve.path("limits")))
        .cases(cases())
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
    if (!EndpointName.isValid(model)
        && document.knows("/model")
        && document.knows(SERVE + "/endpoint")) {
      report(
          SERVE,
          "an endpoint can't be named \"" + model + "\" as the model is",
          "serve as a map with endpoint: " + EndpointName.ALLOWED);
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
    Duration longest =
        within(
            "longest-soak",
            ServeSettings.longest(soak),
            ServeSettings.LEAST_LONGEST_SOAK,
            ServeSettings.longest(ServeSettings.MOST_SOAK));
    JsonNode serve = document.root().at(SERVE);
    if (!serve.has("longest-soak") || refused.contains("longest-soak")) {
      return longest;
    }
    if (!document.knows(LIMITS + "/min-requests") || !document.knows(SERVE + "/soak")) {
      return longest;
    }
    if (!serve.path("limits").has("min-requests")) {
      report(
          SERVE + "/longest-soak",
          "serve.longest-soak bounds how long a step waits for limits.min-requests, which is missing",
          "both, or neither");
    } else if (longest.compareTo(soak) < 0 && !refused.contains("soak")) {
      report(
          SERVE + "/longest-soak",
          "serve.longest-soak is "
              + WrittenDuration.text(longest)
              + ", which is shorter than the soak, "
              + WrittenDuration.text(soak),
          "at least the soak");
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
    String lasts = node.isObject() ? "watch/for" : "watch";
    ServeWatch usual =
        ServeWatch.of(within(lasts, ServeSettings.SOAK, Duration.ofSeconds(1), ServeWatch.MOST));
    Duration every = node.isObject() ? duration("watch/every", usual.every()) : usual.every();
    boolean bothRead = !refused.contains(lasts) && !refused.contains("watch/every");
    if (bothRead && every.compareTo(usual.lasts()) > 0) {
      report(
          SERVE + (node.isObject() ? "/watch/every" : "/watch"),
          "serve.watch is "
              + WrittenDuration.text(usual.lasts())
              + ", which is shorter than the time between two looks, "
              + WrittenDuration.text(every),
          "a watch that is at least as long as the time between two looks");
    }
    if (bothRead && usual.lasts().dividedBy(every) > ServeWatch.MOST_LOOKS) {
      report(
          SERVE + "/watch/every",
          "serve.watch.every is "
              + WrittenDuration.text(every)
              + ", which makes "
              + usual.lasts().dividedBy(every)
              + " looks in "
              + WrittenDuration.text(usual.lasts()),
          "at most " + ServeWatch.MOST_LOOKS + " looks; the endpoint's metrics are of one minute");
    }
    return new ServeWatch(usual.lasts(), every);
  }

  private Duration duration(String key, Duration usual) {
    String pointer = SERVE + "/" + key;
    String text = document.text(pointer);
    if (text == null) {
      return usual;
    }
    WrittenDuration.fault(named(key), text)
        .ifPresent(fault -> {
          refused.add(key);
          report(pointer, fault, WrittenDuration.ALLOWED);
        });
    return WrittenDuration.read(text).orElse(usual);
  }

  /** One that is neither shorter nor longer than these. */
  private Duration within(String key, Duration usual, Duration least, Duration most) {
    Duration read = duration(key, usual);
    if (!refused.contains(key) && (read.compareTo(least) < 0 || read.compareTo(most) > 0)) {
      refused.add(key);
      report(
          SERVE + "/" + key,
          named(key) + " is " + WrittenDuration.text(read),
          WrittenDuration.text(least) + " to " + WrittenDuration.text(most));
    }
    return read;
  }

  private static String named(String key) {
    return "serve." + key.replace('/', '.');
  }

  private ServeLimits limits(JsonNode node) {
    return new ServeLimits(
        latency(node.path("latency").asText(""), LIMITS + "/latency"),
        percent("errors", node),
        percent("agreement", node),
        node.has("min-requests") ? Integer.valueOf(node.path("min-requests").asInt()) : null,
        tolerance(node));
  }

  private @Nullable Double tolerance(JsonNode node) {
    if (!node.has("tolerance")) {
      return null;
    }
    if (!node.has("agreement") && document.knows(LIMITS + "/agreement")) {
      report(
          LIMITS + "/tolerance",
          "serve.limits.tolerance is how much a prediction may differ from the champion's for"
              + " limits.agreement, which is missing",
          "both, or neither");
    }
    return node.path("tolerance").asDouble();
  }

  private @Nullable Duration latency(String text, String pointer) {
    if (text.isEmpty()) {
      return null;
    }
    Duration latency = WrittenLatency.read(text);
    if (latency.isZero()) {
      report(
          pointer,
          pointer.substring(1).replace('/', '.') + " must be greater than zero",
          "such as 500ms");
    }
    return latency;
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

  /** Those that the file itself has. */
  private List<ServeCase> cases() {
    return new CaseReader(document, errors, ServeCase.TOLERANCE, null).read(CASES);
  }

  /** The file that has the cases; null for none. */
  @Nullable CasesFile casesFile() {
    JsonNode cases = document.root().at(CASES);
    String path = cases.isTextual() ? cases.asText() : document.text(CASES + "/file");
    if (path == null) {
      return null;
    }
    String folder = document.fileName().substring(0, document.fileName().lastIndexOf('/') + 1);
    Duration latency = latency(cases.path("latency").asText(""), CASES + "/latency");
    CasesFile file =
        new CasesFile(
            path,
            folder + path,
            cases.path("answer").asText(CasesFile.ANSWER),
            cases.path("tolerance").asDouble(ServeCase.TOLERANCE),
            latency);
    if (cases.has("answer") && !file.isTable()) {
      report(
          CASES + "/answer",
          "serve.cases.answer names a column, but " + path + " is no CSV file",
          "a CSV file; in other files each case has an answer of its own");
    }
    return file;
  }

  private void report(String pointer, String what, String allowed) {
    errors.add(document.error(pointer, what, allowed, null));
  }
}
