package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import dev.portage.serving.EndpointConfig;
import dev.portage.text.Bounded;
import dev.portage.text.SecretShapes;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Why a version could not be started: what the endpoint says, and the end of its logs. */
final class EndpointLogs {
  private static final int LINES = 12;
  private static final int BYTES_OF_LINE = 300;
  private static final int LONGEST_WORD = 6;

  private final DatabricksApi api;
  private final String endpoint;
  private final ActivityWait waiting;

  EndpointLogs(DatabricksApi api, String endpoint, ActivityWait waiting) {
    this.api = api;
    this.endpoint = endpoint;
    this.waiting = waiting;
  }

  /**
   * The reasons, to be appended to a sentence; empty for none.
   *
   * @param config with the states of versions
   * @param wanted only its versions count
   */
  String why(JsonNode config, EndpointConfig wanted) {
    List<String> said = new ArrayList<>();
    for (JsonNode entity : EndpointJson.entities(config)) {
      String name = entity.path("name").asText();
      String state = EndpointJson.state(entity.path("state").path("deployment"));
      if (state.equals("READY") || wanted.named(name).isEmpty()) {
        continue;
      }
      String message = entity.path("state").path("deployment_state_message").asText("").strip();
      List<String> given = given(entity);
      said.add(name + " is " + state + (message.isEmpty() ? "" : ": " + hidden(message, given)));
      said.addAll(log(name, "build-logs", "build", given));
      said.addAll(log(name, "logs", "server", given));
    }
    return said.isEmpty() ? "" : ": " + String.join("\n", said);
  }

  private List<String> log(String served, String which, String title, List<String> given) {
    // Several calls together may take longer than the activity may go without a heartbeat.
    waiting.beat("read the " + title + " log of " + served);
    try {
      HttpAnswer answer =
          api.probe(
              "read the logs of " + served,
              "GET",
              "/api/2.0/serving-endpoints/"
                  + DatabricksApi.escaped(endpoint)
                  + "/served-models/"
                  + DatabricksApi.escaped(served)
                  + "/"
                  + which,
              null);
      if (DatabricksErrors.isForbidden(answer)) {
        return List.of(
            "Its "
                + title
                + " log can't be read: "
                + RightProbes.said(answer)
                + ". To grant it: "
                + api.grant(Guarded.endpoint(endpoint)));
      }
      String text = answer.isSuccess() ? answer.json().path("logs").asText("").strip() : "";
      if (text.isEmpty()) {
        return List.of();
      }
      List<String> lines = new ArrayList<>();
      lines.add("End of its " + title + " log:");
      lines.addAll(
          Bounded.lastLines(
              hidden(text, given).lines().filter(line -> !line.isBlank()).toList(),
              LINES,
              BYTES_OF_LINE));
      return lines;
    } catch (ApplicationFailure unread) {
      // The logs only explain a failure that is known anyway.
      return List.of();
    }
  }

  /** A model's own log may contain values of its environment. */
  private static String hidden(String text, List<String> given) {
    String clean = SecretShapes.without(text);
    for (String value : given) {
      clean = clean.replace(value, "…");
    }
    return clean;
  }

  /**
   * Values that are written out in the version's environment, the longest first: each value, each
   * of its lines, and what remains of them without secrets. References to secrets are left out, and
   * so are short values, which could be words of any text.
   */
  private static List<String> given(JsonNode entity) {
    return StreamSupport.stream(entity.path("environment_vars").spliterator(), false)
        .map(JsonNode::asText)
        .filter(value -> !value.startsWith("{{secrets/"))
        .flatMap(value -> Stream.concat(Stream.of(value.strip()), value.lines().map(String::strip)))
        .flatMap(value -> Stream.of(value, SecretShapes.without(value)))
        .filter(value -> value.length() > LONGEST_WORD)
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }
}
