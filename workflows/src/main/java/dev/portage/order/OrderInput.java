package dev.portage.order;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Nearest;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.TypedInput;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the input of an order, which people also type into the Web UI: a misspelt {@code workspace}
 * must not become all of them.
 */
final class OrderInput {

  private static final List<String> FIELDS =
      List.of("kind", "workspace", "until", "model", "candidate", "by", "reason");

  private static final List<String> KINDS =
      Arrays.stream(OrderKind.values()).map(OrderKind::name).toList();

  private OrderInput() {}

  /**
   * The order in an input.
   *
   * @param given the workflow's input, null for none
   * @throws ApplicationFailure a user error that says what is wrong and what to write
   */
  static WorkspaceOrder read(@Nullable RawValue given) {
    JsonNode tree = TypedInput.object(given, FIELDS, OrderInput::wrong);
    String kind = tree.path("kind").asText();
    if (!KINDS.contains(kind)) {
      String question = Nearest.question(kind, KINDS);
      throw wrong(
          "its kind is none of "
              + String.join(", ", KINDS)
              + (question == null ? "" : "; " + question));
    }
    for (String needed : List.of("by", "reason")) {
      if (!tree.hasNonNull(needed)) {
        throw wrong("it doesn't say who orders it and why: add \"" + needed + "\"");
      }
    }
    JsonNode until = tree.path("until");
    if (!until.isMissingNode() && !until.isNull() && !isTime(until.asText())) {
      throw wrong("its \"until\" is no time in UTC, such as 2026-12-31T17:00:00Z");
    }
    try {
      return Payloads.mapper().treeToValue(tree, WorkspaceOrder.class);
    } catch (JsonProcessingException misfit) {
      throw wrong("a field of its input has the wrong type; each is text");
    }
  }

  private static boolean isTime(String until) {
    try {
      Instant.parse(until);
      return true;
    } catch (DateTimeParseException none) {
      return false;
    }
  }

  private static ApplicationFailure wrong(String what) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "start an order",
            "Temporal",
            what,
            "Nothing was changed. From the command line: portage freeze, unfreeze or lift. In the"
                + " Web UI the input looks like {\"kind\":\"FREEZE\",\"workspace\":\"prod\","
                + "\"until\":\"2026-12-31T17:00:00Z\",\"by\":\"YOU\",\"reason\":\"why\"}."));
  }
}
