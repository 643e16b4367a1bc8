package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Partly;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.text.SecretShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A {@code promotion.yaml} must contain neither secrets nor references to them: the file is kept in
 * Temporal's history, and anyone who can change it could otherwise make the worker read secrets
 * that aren't theirs.
 */
final class SecretsInFile {

  /**
   * Wherever the value begins with it, whatever follows in further lines. Spark and Python name
   * files of a workspace as {@code file:///path} or {@code file:/Workspace/path}; references to
   * logins never look like that, and values of parameters arrive unchanged.
   */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "\\s*+(?:env:|keyvault:|file:(?!//|/(?:Workspace|Volumes|dbfs|databricks)/))\\s*+\\S");

  private static final String REMEDY = "remove it here and revoke it";

  private SecretsInFile() {}

  /**
   * Checks keys and values, with their quotes and escapes resolved; then the text as written, since
   * comments are kept in the history with it.
   *
   * @param text what the document was read from
   */
  static Reading<YamlDocument> refuse(YamlDocument document, String text) {
    return partly(document, text).reading();
  }

  /** Checks the same, and leaves out what holds a secret. */
  static Partly<YamlDocument> partly(YamlDocument document, String text) {
    List<ValidationError> errors = new ArrayList<>();
    look(document, document.root(), "", errors);
    YamlDocument rest = document.without(errors.stream().map(ValidationError::path).toList());
    if (errors.isEmpty()) {
      look(document.fileName(), text, errors);
    }
    return rest.partly(errors);
  }

  private static void look(String fileName, String text, List<ValidationError> errors) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      int at = number;
      SecretShapes.find(line)
          .ifPresent(secret ->
              errors.add(
                  new ValidationError(
                      fileName, at, "", "this line contains " + secret.name(), null, REMEDY)));
    }
  }

  private static void look(
      YamlDocument document, JsonNode node, String pointer, List<ValidationError> errors) {
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      String key = property.getKey();
      if (SecretShapes.find(key).isPresent()) {
        errors.add(document.error(pointer, "a key is a secret", null, REMEDY));
        continue;
      }
      look(document, property.getValue(), pointer + "/" + YamlDocument.escape(key), errors);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      look(document, node.path(i), pointer + "/" + i, errors);
    }
    if (!node.isTextual()) {
      return;
    }
    String name = pointer.isEmpty() ? "the file" : pointer.substring(1).replace('/', '.');
    String text = node.asText();
    // The value itself is not repeated.
    SecretShapes.find(text)
        .ifPresentOrElse(
            secret ->
                errors.add(
                    document.error(pointer, name + " contains " + secret.name(), null, REMEDY)),
            () -> {
              if (REFERENCE.matcher(text).lookingAt()) {
                errors.add(
                    document.error(
                        pointer,
                        name + " is a reference to a secret",
                        null,
                        "it belongs in the platform file, portage.yaml"));
              }
            });
  }
}
