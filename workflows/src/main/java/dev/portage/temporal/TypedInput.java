package dev.portage.temporal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Nearest;
import dev.portage.text.Bounded;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The input of a workflow that people also type into the Web UI. It is stricter than a record: a
 * misspelt field must not become the default.
 */
public final class TypedInput {

  private TypedInput() {}

  /**
   * The JSON object in an input.
   *
   * @param given the workflow's input, null for none
   * @param known the fields that it may have
   * @param wrong the failure that says what is wrong
   * @throws ApplicationFailure the one of {@code wrong}, if the input is no object of these fields
   */
  public static JsonNode object(
      @Nullable RawValue given, List<String> known, Function<String, ApplicationFailure> wrong) {
    if (given == null) {
      throw wrong.apply("started without input");
    }
    JsonNode tree;
    try {
      tree =
          Payloads.dataConverter().fromPayload(given.getPayload(), JsonNode.class, JsonNode.class);
    } catch (DataConverterException unreadable) {
      throw wrong.apply("its input is not JSON");
    }
    if (tree == null || tree.isNull()) {
      throw wrong.apply("started without input");
    }
    if (!tree.isObject()) {
      throw wrong.apply("its input is not a JSON object");
    }
    tree.fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            String question = Nearest.question(name, known);
            throw wrong.apply(
                "its input has the field \""
                    + Bounded.line(name, Bounded.NAME)
                    + "\", which means nothing here"
                    + (question == null ? "" : "; " + question));
          }
        });
    return tree;
  }
}
