package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers {@code SHOW TABLES} from the folders' names, without a process of its own.
 *
 * @see <a
 *     href="https://docs.databricks.com/en/sql/language-manual/sql-ref-syntax-aux-show-tables.html">
 *     SHOW TABLES</a>
 */
final class TableListing {
  private static final Pattern STATEMENT =
      Pattern.compile(
          "\\s*SHOW\\s+TABLES(?:\\s+(?:IN|FROM)\\s+([^\\s']+))?(?:\\s+(?:LIKE\\s+)?'([^']*)')?\\s*;?\\s*",
          Pattern.CASE_INSENSITIVE);

  /** Where a name of one or two parts belongs, as in a session of Spark. */
  private static final List<String> DEFAULTS = List.of("main", "default");

  private final Path tables;

  TableListing(Path tables) {
    this.tables = tables;
  }

  /** The answer; empty for another statement. */
  Optional<JsonNode> answer(SqlRunner.Query query) throws SqlFailure {
    Matcher asked = STATEMENT.matcher(query.statement());
    if (!asked.matches()) {
      return Optional.empty();
    }
    MatchResult found = asked.toMatchResult();
    String in = found.group(1);
    List<String> schema = new ArrayList<>();
    if (in == null) {
      schema.add(Objects.requireNonNullElse(query.catalog(), DEFAULTS.getFirst()));
      schema.add(Objects.requireNonNullElse(query.schema(), DEFAULTS.getLast()));
    } else {
      schema.addAll(List.of(in.replace("`", "").split("\\.", -1)));
      if (schema.size() == 1) {
        schema.addFirst(Objects.requireNonNullElse(query.catalog(), DEFAULTS.getFirst()));
      }
    }
    Pattern like = like(Objects.requireNonNullElse(found.group(2), "*"));
    ObjectNode answer = Json.object().put("truncated", false);
    ArrayNode columns = answer.putArray("columns");
    int position = 0;
    for (String name : List.of("database", "tableName", "isTemporary")) {
      String type = name.equals("isTemporary") ? "BOOLEAN" : "STRING";
      columns
          .addObject()
          .put("name", name)
          .put("position", position++)
          .put("type_name", type)
          .put("type_text", type);
    }
    ArrayNode rows = answer.putArray("rows");
    for (String name : names(schema)) {
      if (like.matcher(name).matches()) {
        rows.addArray().add(schema.getLast()).add(name).add("false");
      }
    }
    return Optional.of(answer);
  }

  /** An asterisk stands for any text, a bar for another choice; case does not matter. */
  private static Pattern like(String text) {
    String regex =
        Stream.of(text.split("\\|", -1))
            .map(choice ->
                Stream.of(choice.split("\\*", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*")))
            .collect(Collectors.joining("|"));
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }

  private List<String> names(List<String> schema) throws SqlFailure {
    if (Files.notExists(tables)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(tables)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("_delta_log")))
          .map(folder -> full(tables.relativize(folder).toString()))
          .filter(parts -> parts.size() == 3 && parts.subList(0, 2).equals(schema))
          .map(List::getLast)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new SqlFailure(
          "INTERNAL_ERROR", "The tables can't be listed: " + e.getMessage(), "XX000");
    }
  }

  private static List<String> full(String folder) {
    List<String> parts = new ArrayList<>(List.of(folder.split("\\.", -1)));
    if (parts.size() < 3) {
      parts.addAll(0, DEFAULTS.subList(0, 3 - parts.size()));
    }
    return parts;
  }
}
