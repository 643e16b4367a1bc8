package dev.portage.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.text.Visible;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Converts SnakeYAML's nodes to Jackson's and records the line of each. Scalars are read as in YAML
 * 1.2, so {@code on} and {@code yes} stay text and {@code 010} is not octal.
 */
final class NodeTree {

  static final int MAX_DEPTH = 20;

  /** Aliases are expanded, so that a short text could become a huge tree. */
  private static final int MAX_VALUES = 5_000;

  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]{0,30})");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(\\.[0-9]{1,40}|(0|[1-9][0-9]{0,30})(\\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,3})?");

  private final String fileName;
  private final Map<String, Integer> lines = new HashMap<>();
  private final Map<String, String> written = new HashMap<>();
  private final List<ValidationError> errors = new ArrayList<>();
  private final Set<String> refused = new LinkedHashSet<>();
  private final JsonNodeFactory make = JsonNodeFactory.instance;
  private int values;

  NodeTree(String fileName) {
    this.fileName = fileName;
  }

  JsonNode convert(Node root) {
    return convert(root, "", lineOf(root), 0);
  }

  Map<String, Integer> lines() {
    return lines;
  }

  /** Values that became numbers or booleans, as written in the file. */
  Map<String, String> written() {
    return written;
  }

  List<ValidationError> errors() {
    return errors;
  }

  /** JSON pointers of what the errors are about. */
  Set<String> refused() {
    return refused;
  }

  private JsonNode convert(Node node, String pointer, int line, int depth) {
    lines.putIfAbsent(pointer, line);
    if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
      // Reported once: the rest of the tree is of no use to anyone.
      refused.add("");
      if (errors.stream().noneMatch(known -> known.what().startsWith("too much"))) {
        report(
            line,
            pointer,
            "too much content",
            "at most "
                + MAX_DEPTH
                + " levels and "
                + MAX_VALUES
                + " values, with aliases expanded");
      }
      return make.nullNode();
    }
    return switch (node) {
      case MappingNode map -> convert(map, pointer, depth);
      case SequenceNode list -> convert(list, pointer, depth);
      case ScalarNode scalar -> convert(scalar, pointer, line);
      default -> throw new IllegalStateException("unexpected node " + node.getNodeId());
    };
  }

  private JsonNode convert(MappingNode map, String pointer, int depth) {
    ObjectNode made = make.objectNode();
    Map<String, Integer> seen = new HashMap<>();
    for (NodeTuple entry : map.getValue()) {
      int line = lineOf(entry.getKeyNode());
      if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
        report(
            line,
            pointer,
            "a key is a list or a map",
            entry.getKeyNode() instanceof MappingNode
                ? "text; what begins with \"{{\" needs quotes"
                : "text");
        continue;
      }
      String key = keyNode.getValue();
      if (key.equals("<<")) {
        report(line, pointer, "the merge key \"<<\" is not supported", null);
        continue;
      }
      String inner = pointer + "/" + YamlDocument.escape(key);
      if (!key.codePoints().allMatch(Visible::isShown)) {
        report(
            line,
            inner,
            "key " + Quoted.text(key) + " contains invisible characters",
            "letters, digits, punctuation and spaces");
        continue;
      }
      Integer before = seen.putIfAbsent(key, line);
      if (before != null) {
        report(
            line,
            inner,
            "key " + Quoted.text(key) + " appears twice, first on line " + before,
            "once");
        continue;
      }
      made.set(key, convert(entry.getValueNode(), inner, line, depth + 1));
    }
    return made;
  }

  private JsonNode convert(SequenceNode list, String pointer, int depth) {
    ArrayNode made = make.arrayNode();
    for (Node item : list.getValue()) {
      made.add(convert(item, pointer + "/" + made.size(), lineOf(item), depth + 1));
    }
    return made;
  }

  private JsonNode convert(ScalarNode scalar, String pointer, int line) {
    String text = scalar.getValue();
    if (!scalar.getTag().startsWith(Tag.PREFIX) || scalar.getTag().equals(Tag.BINARY)) {
      report(line, pointer, "the tag " + scalar.getTag() + " is not supported", "no tag");
      return make.nullNode();
    }
    if (!text.codePoints().allMatch(NodeTree::isCharacter)) {
      report(
          line,
          pointer,
          "the value contains NUL or an incomplete character",
          "complete characters");
      return make.nullNode();
    }
    if (!scalar.isPlain()) {
      return make.textNode(text);
    }
    JsonNode value = value(text);
    if (!value.isTextual()) {
      written.put(pointer, text);
    }
    return value;
  }

  /** Neither a file nor a wire carries the others. */
  private static boolean isCharacter(int codePoint) {
    return codePoint != 0 && Character.getType(codePoint) != Character.SURROGATE;
  }

  private JsonNode value(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> make.nullNode();
      case "true", "True", "TRUE" -> make.booleanNode(true);
      case "false", "False", "FALSE" -> make.booleanNode(false);
      default -> number(text);
    };
  }

  private JsonNode number(String text) {
    if (INTEGER.matcher(text).matches()) {
      BigInteger number = new BigInteger(text);
      return number.bitLength() < 64
          ? make.numberNode(number.longValueExact())
          : make.numberNode(number);
    }
    return DECIMAL.matcher(text).matches()
        ? make.numberNode(new BigDecimal(text))
        : make.textNode(text);
  }

  private void report(int line, String pointer, String what, @Nullable String allowed) {
    refused.add(pointer);
    errors.add(new ValidationError(fileName, line, pointer, what, allowed, null));
  }

  private static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
