package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.document.Nearest;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.text.SecretShapes;
import dev.portage.text.Visible;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cases as a table, RFC 4180: the first line names the columns, each other line is a case. What is
 * in quotes is text; otherwise numbers, {@code true} and {@code false} are what they say, and
 * nothing is a missing value.
 */
final class CasesTable {
  private static final int MOST_CASES = 50;

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?");

  /** Names that are surely meant for the answer's column. */
  private static final List<String> LIKE_ANSWER = List.of(CasesFile.ANSWER, CasesFile.ANSWER + "s");

  /** What programs write into a table where a number is missing, or none. */
  private static final Pattern NO_NUMBER = Pattern.compile("(?i)nan|[-+]?inf(inity)?");

  private final CasesFile file;
  private final String text;
  private final List<ValidationError> errors = new ArrayList<>();

  /** What is read next. */
  private int at;

  private int line = 1;

  CasesTable(CasesFile file, String text) {
    this.file = file;
    this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** A field, and whether it was in quotes. */
  private record Field(String text, boolean quoted) {
    JsonNode value() {
      if (quoted) {
        return JsonNodeFactory.instance.textNode(text);
      }
      String word = text.strip();
      return switch (word.toLowerCase(Locale.ROOT)) {
        case "" -> JsonNodeFactory.instance.nullNode();
        case "true" -> JsonNodeFactory.instance.booleanNode(true);
        case "false" -> JsonNodeFactory.instance.booleanNode(false);
        default ->
            NUMBER.matcher(word).matches()
                ? JsonNodeFactory.instance.numberNode(new BigDecimal(word))
                : JsonNodeFactory.instance.textNode(word);
      };
    }
  }

  /** Its fields, and the line where it begins. */
  private record Row(int line, List<Field> fields) {
    boolean isEmpty() {
      return fields.size() == 1
          && !fields.getFirst().quoted()
          && fields.getFirst().text().isBlank();
    }
  }

  Reading<List<ServeCase>> read() {
    List<Row> rows = new ArrayList<>();
    while (at < text.length() && errors.isEmpty()) {
      Row row = row();
      if (!row.isEmpty()) {
        rows.add(row);
      }
    }
    refuseSecrets(rows);
    if (!errors.isEmpty()) {
      return new Reading.Wrong<>(errors);
    }
    if (rows.size() < 2) {
      return file.wrong(
          1, "the file has no cases", "a line with the names of the columns, and a line per case");
    }
    if (rows.size() - 1 > MOST_CASES) {
      return file.wrong(
          rows.get(MOST_CASES + 1).line(),
          "the file has " + (rows.size() - 1) + " cases",
          "at most " + MOST_CASES);
    }
    List<ServeCase> cases = cases(rows);
    return errors.isEmpty() ? new Reading.Good<>(cases) : new Reading.Wrong<>(errors);
  }

  private List<ServeCase> cases(List<Row> rows) {
    Row head = rows.getFirst();
    List<String> names = head.fields().stream().map(field -> field.text().strip()).toList();
    check(head, names);
    if (!errors.isEmpty()) {
      return List.of();
    }
    int answer = names.indexOf(file.answer());
    List<ServeCase> cases = new ArrayList<>();
    for (Row row : rows.subList(1, rows.size())) {
      if (row.fields().size() != names.size()) {
        errors.add(
            file.error(
                row.line(),
                "the line has " + row.fields().size() + " values for " + names.size() + " columns",
                "one value for each column; nothing between two commas for a missing one"));
        continue;
      }
      ObjectNode request = JsonNodeFactory.instance.objectNode();
      ObjectNode split = request.putObject("dataframe_split");
      ArrayNode columns = split.putArray("columns");
      ArrayNode values = split.putArray("data").addArray();
      for (int i = 0; i < names.size(); i++) {
        if (i != answer) {
          Field field = row.fields().get(i);
          refuseNonFinite(row, names.get(i), field);
          columns.add(names.get(i));
          values.add(field.value());
        }
      }
      cases.add(
          new ServeCase(
              "line " + row.line(),
              request,
              answer < 0 ? null : prediction(row.fields().get(answer)),
              file.tolerance(),
              file.latency()));
    }
    return cases;
  }

  private void refuseNonFinite(Row row, String column, Field field) {
    if (CaseReader.isNonFinite(field.value())
        || (!field.quoted() && NO_NUMBER.matcher(field.text().strip()).matches())) {
      errors.add(
          file.error(
              row.line(),
              "column " + column + " has " + field.text().strip() + ", which no endpoint takes",
              "nothing between two commas for a missing value; text in quotes"));
    }
  }

  private static ObjectNode prediction(Field field) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("predictions").add(field.value());
    return answer;
  }

  private void check(Row head, List<String> names) {
    if (names.size() == 1 && names.getFirst().matches(".*[;\\t|].*")) {
      errors.add(file.error(head.line(), "the columns are not separated by commas", "age,income"));
      return;
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isEmpty() || !name.codePoints().allMatch(Visible::isShown) || !seen.add(name)) {
        errors.add(
            file.error(
                head.line(),
                name.isEmpty()
                    ? "a column has no name"
                    : seen.contains(name)
                        ? "two columns are named " + name
                        : "the name of a column contains invisible characters",
                "a name of its own for each column, on the first line"));
        return;
      }
    }
    boolean named = !file.answer().equals(CasesFile.ANSWER);
    if (named && !names.contains(file.answer())) {
      String near = Nearest.question(file.answer(), names);
      errors.add(
          file.error(
              head.line(),
              "there is no column "
                  + file.answer()
                  + ", which serve.cases.answer names"
                  + (near == null ? "" : "; " + near),
              String.join(", ", names)));
    }
    if (!named && !names.contains(CasesFile.ANSWER)) {
      names.stream()
          .filter(name -> LIKE_ANSWER.contains(name.toLowerCase(Locale.ROOT)))
          .findFirst()
          .ifPresent(near ->
              errors.add(
                  file.error(
                      head.line(),
                      "column " + near + " would be sent as input, and nothing be compared with it",
                      CasesFile.ANSWER
                          + "; or name it in promotion.yaml: serve: { cases: { file: "
                          + file.path()
                          + ", answer: "
                          + near
                          + " } }")));
    }
    if (names.equals(List.of(file.answer()))) {
      errors.add(
          file.error(
              head.line(),
              "the only column is the answer's",
              "columns of the model's input besides it"));
    }
  }

  private void refuseSecrets(List<Row> rows) {
    for (Row row : rows) {
      for (Field field : row.fields()) {
        SecretShapes.find(field.text())
            .ifPresent(secret ->
                errors.add(
                    file.error(
                        row.line(),
                        "this line contains " + secret.name(),
                        "no secrets: remove it here and revoke it")));
      }
    }
  }

  /** Reads a line; one that has quotes may go on in the next. */
  private Row row() {
    int begins = line;
    List<Field> fields = new ArrayList<>();
    while (true) {
      fields.add(at < text.length() && text.charAt(at) == '"' ? quoted(begins) : plain());
      if (at < text.length() && text.charAt(at) == ',') {
        at++;
        continue;
      }
      endLine();
      return new Row(begins, List.copyOf(fields));
    }
  }

  private void endLine() {
    if (at < text.length() && text.charAt(at) == '\r') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '\n') {
      at++;
    }
    line++;
  }

  private Field plain() {
    int begin = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return new Field(text.substring(begin, at), false);
  }

  private Field quoted(int begins) {
    StringBuilder field = new StringBuilder();
    at++;
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (next != '"') {
        line += next == '\n' ? 1 : 0;
        field.append(next);
      } else if (at < text.length() && text.charAt(at) == '"') {
        field.append('"');
        at++;
      } else {
        if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
          errors.add(
              file.error(
                  line, "text follows a closing quote", "a quote within quotes twice: \"\""));
          at = text.length();
        }
        return new Field(field.toString(), true);
      }
    }
    errors.add(file.error(begins, "a quote is not closed", "a second \" at its end"));
    return new Field(field.toString(), true);
  }
}
