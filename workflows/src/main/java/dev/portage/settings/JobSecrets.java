package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.YamlDocument;
import dev.portage.text.SecretNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that the settings of a job write out, told by their names wherever these stand: keys of
 * maps, whatever the task; entries that have a name and a value; and command lines, as a list or in
 * one text. Where Databricks or the task itself fills in the value, it is none.
 */
final class JobSecrets {

  /**
   * What is written out.
   *
   * @param pointer where, as a JSON pointer
   * @param what it is; the value is not repeated
   */
  record Found(String pointer, String what) {}

  private static final String NAME = "([A-Za-z][\\w.-]{0,200}+)";

  /** A reference, a placeholder or a word; what is in a map or a list has names of its own. */
  private static final String VALUE =
      "(\\{\\{[^{}]{1,500}}}|\\{[A-Za-z_][^{}\"]{0,300}}"
          + "|[^\\s\"'\\\\&;,(){}\\[\\]-][^\\s\"'\\\\&;,)}\\]]{0,500}+)";

  private static final String QUOTE = "\\\\?[\"']";

  /** The value is not consumed: it may hold pairs itself, as a URL does. */
  private static final String AND_VALUE = "(?=(?:" + QUOTE + ")?" + VALUE + ")";

  /** Not {@code NAME==1.2}, which requires a package. */
  private static final Pattern ASSIGNED =
      Pattern.compile("(?<![\\w.-])-{0,2}" + NAME + "=(?!=)" + AND_VALUE);

  /** As JSON, YAML and headers have it. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "(?:^|[{,\n\"'])\\s{0,9}+" + NAME + "(?:" + QUOTE + ")?\\s{0,9}+:\\s{0,9}+" + AND_VALUE);

  private static final Pattern OPTION =
      Pattern.compile("(?<!\\S)-{1,2}" + NAME + "\\s{1,9}+" + AND_VALUE);

  /** An option whose value is the next element of a list. */
  private static final Pattern FLAG = Pattern.compile("-{1,2}" + NAME);

  private static final Pattern BEARER =
      Pattern.compile("(?i)\\bbearer\\s{1,9}+(?=\\S{0,100}[0-9])[\\w.~+/-]{12,}+");

  private static final Pattern VARIABLE = Pattern.compile("\\$[\\w({].*+|%\\w++%.*+");

  private final List<Found> found = new ArrayList<>();

  private JobSecrets() {}

  /** All of them, in the order of the settings. */
  static List<Found> in(JsonNode settings) {
    JobSecrets secrets = new JobSecrets();
    secrets.look(settings, "", "");
    return List.copyOf(secrets.found);
  }

  /**
   * @param name by which a text there is called: the key of the map that it, or its list, is in
   */
  private void look(JsonNode node, String pointer, String name) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      look(
          field.getValue(),
          pointer + "/" + YamlDocument.escape(field.getKey()),
          nameOf(node, field.getKey()));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      String flag = i == 0 ? null : flag(node.get(i - 1), node.get(i));
      look(node.get(i), pointer + "/" + i, flag == null ? name : flag);
    }
    if (node.isTextual()) {
      written(name, node.textValue()).ifPresent(what -> found.add(new Found(pointer, what)));
    }
  }

  /** Of an entry such as {name: token, default: x}, the name is what it says itself. */
  private static String nameOf(JsonNode map, String key) {
    if (!key.equals("default") && !key.equals("value")) {
      return key;
    }
    return Stream.of("name", "key")
        .map(map::path)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .findFirst()
        .orElse(key);
  }

  /** The option that an element of a list is the value of, null for none. */
  private static @Nullable String flag(JsonNode before, JsonNode element) {
    Matcher option = FLAG.matcher(before.asText());
    return before.isTextual() && option.matches() && !element.asText().startsWith("-")
        ? option.group(1)
        : null;
  }

  private static Optional<String> written(String name, String text) {
    if (isSecret(name, text)) {
      return Optional.of(byName(name));
    }
    for (Pattern pattern : List.of(ASSIGNED, ENTRY, OPTION)) {
      Matcher pair = pattern.matcher(text);
      while (pair.find()) {
        String named = String.valueOf(pair.group(1));
        if (isSecret(named, String.valueOf(pair.group(2)))) {
          return Optional.of(byName(named));
        }
      }
    }
    return BEARER.matcher(text).find()
        ? Optional.of("a bearer token is written out")
        : Optional.empty();
  }

  private static boolean isSecret(String name, String value) {
    return SecretNames.isSecret(name, value)
        && JobPlaces.in(value).isEmpty()
        && !VARIABLE.matcher(value).matches();
  }

  private static String byName(String name) {
    return "by its name, " + name + " is a secret, and its value is written out";
  }
}
