package dev.portage.rollback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.identity.NameFault;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.TypedInput;
import dev.portage.text.Bounded;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the input of a rollback, which people also type into the Web UI. It is stricter than a
 * record: a misspelt {@code to} must not become the default.
 */
public final class RollbackInput {

  /** What to paste into the Web UI. */
  public static final String EXAMPLE = "{\"model\":\"churn\",\"by\":\"YOU\",\"reason\":\"why\"}";

  private static final List<String> FIELDS =
      List.of("model", "workspace", "to", "reason", "by", "dryRun", "expected");

  private RollbackInput() {}

  /**
   * The order in an input.
   *
   * @param given the workflow's input, null for none
   * @throws ApplicationFailure a user error that says what is wrong and what to write
   */
  static RollbackStart read(@Nullable RawValue given) {
    JsonNode tree = TypedInput.object(given, FIELDS, RollbackInput::wrong);
    RollbackStart start;
    try {
      start = Payloads.mapper().treeToValue(tree, RollbackStart.class);
    } catch (JsonProcessingException misfit) {
      throw wrong("a field of its input has the wrong type: " + fields(tree));
    }
    return checked(start);
  }

  /**
   * The order with its texts tidied.
   *
   * @throws ApplicationFailure a user error when something is missing, or not what it should be
   */
  public static RollbackStart checked(RollbackStart start) {
    String model = strip(start.model());
    if (model == null) {
      throw wrong("it names no model");
    }
    String reason = strip(start.reason());
    if (reason == null && !start.isDry()) {
      throw wrong("it gives no reason, and the record needs one");
    }
    if (reason != null && !Bounded.fits(reason, Bounded.COMMENT)) {
      throw wrong("its reason is longer than " + Bounded.COMMENT + " bytes");
    }
    String by = strip(start.by());
    NameFault.of(by)
        .ifPresent(fault -> {
          throw wrong(fault);
        });
    return new RollbackStart(
        model,
        strip(start.workspace()),
        version(strip(start.to()), model),
        reason == null ? null : Bounded.line(reason, Bounded.COMMENT),
        by,
        start.dryRun(),
        start.expected());
  }

  /** Versions are numbers; people also write v3. */
  private static @Nullable String version(@Nullable String typed, String model) {
    if (typed == null) {
      return null;
    }
    String number = typed.replaceFirst("^[vV]", "").replaceFirst("^0+(?=.)", "");
    if (!number.matches("[1-9][0-9]{0,17}")) {
      throw wrong(
          "\""
              + Bounded.line(typed, Bounded.NAME)
              + "\" is not a version; versions are numbers, such as 3, and portage history "
              + Bounded.line(model, Bounded.NAME)
              + " lists those that were released");
    }
    return number;
  }

  private static @Nullable String strip(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  private static String fields(JsonNode tree) {
    TreeSet<String> wrong = new TreeSet<>();
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      boolean fits =
          switch (field.getKey()) {
            case "dryRun" -> field.getValue().isBoolean();
            case "expected" -> field.getValue().isObject();
            default -> field.getValue().isValueNode();
          };
      if (!fits) {
        wrong.add(field.getKey());
      }
    }
    return String.join(", ", wrong);
  }

  private static ApplicationFailure wrong(String what) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "start a rollback",
            "Temporal",
            what,
            "Nothing was changed. From the command line: portage rollback MODEL --reason TEXT. In"
                + " the Web UI the input looks like "
                + EXAMPLE
                + ", with \"workspace\" and \"to\" besides where they are needed."));
  }
}
