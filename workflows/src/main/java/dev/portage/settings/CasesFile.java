package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.document.DocumentSchema;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file with the cases of a smoke test, which {@code serve.cases} names: a list as JSON or YAML,
 * or a table as CSV.
 *
 * @param path of the file, below the folder of {@code promotion.yaml}
 * @param fileName the file, as messages name it
 * @param answer column of a CSV file with the prediction that must come back
 * @param tolerance of cases without one of their own
 * @param latency longest time to an answer, of cases without one of their own; null for none
 */
public record CasesFile(
    String path, String fileName, String answer, Double tolerance, @Nullable Duration latency) {

  /** Of the file, and of what is sent of it: every look at a version has it in history. */
  public static final int MAX_BYTES = 32 * 1024;

  /** Column of a CSV file that names none. */
  static final String ANSWER = "prediction";

  /** Whether a file is a table. */
  boolean isTable() {
    return path.toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  /**
   * Reads and checks the file. Uses nothing but the text.
   *
   * @param text its content
   */
  public Reading<List<ServeCase>> read(String text) {
    int bytes = bytes(text);
    if (bytes > MAX_BYTES) {
      return tooLong("the file has " + bytes + " bytes");
    }
    return (isTable() ? new CasesTable(this, text).read() : list(text, text)).then(this::bounded);
  }

  private Reading<List<ServeCase>> bounded(List<ServeCase> cases) {
    int bytes = bytes(sent(cases));
    return bytes > MAX_BYTES
        ? tooLong("as JSON, the cases have " + bytes + " bytes")
        : new Reading.Good<>(cases);
  }

  /** Reads what {@link #sent} was of the file. */
  Reading<List<ServeCase>> ofSent(String sent) {
    return list(JsonAsYaml.of(sent), sent);
  }

  private Reading<List<ServeCase>> list(String text, String written) {
    boolean isJson = path.toLowerCase(Locale.ROOT).endsWith(".json");
    return YamlDocument.read(fileName, isJson ? JsonAsYaml.of(text) : text)
        .then(document -> SecretsInFile.refuse(document, written))
        .then(DocumentSchema.cases()::accept)
        .then(document -> {
          List<ValidationError> errors = new ArrayList<>();
          List<ServeCase> cases = new CaseReader(document, errors, tolerance, latency).read("");
          errors.sort(Comparator.comparingInt(ValidationError::line));
          return errors.isEmpty() ? new Reading.Good<>(cases) : new Reading.Wrong<>(errors);
        });
  }

  /** All that leaves the checkout: the cases as JSON, with what counts for all of them. */
  public static String sent(List<ServeCase> cases) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (ServeCase one : cases) {
      ObjectNode sent = list.addObject().put("name", one.name());
      sent.set("request", one.request());
      JsonNode answer = one.answer();
      if (answer != null) {
        sent.set("answer", answer);
        sent.put("tolerance", one.tolerance());
      }
      Duration latency = one.latency();
      if (latency != null) {
        sent.put("latency", WrittenLatency.text(latency));
      }
    }
    return list.toString();
  }

  private Reading<List<ServeCase>> tooLong(String what) {
    return wrong(1, what, "at most " + MAX_BYTES);
  }

  /** A file with one error. */
  Reading<List<ServeCase>> wrong(int line, String what, String allowed) {
    return new Reading.Wrong<>(List.of(error(line, what, allowed)));
  }

  /** An error in a line of it. */
  ValidationError error(int line, String what, String allowed) {
    return new ValidationError(fileName, line, "", what, allowed, null);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
