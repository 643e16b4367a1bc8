package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.DocumentSchema;
import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.secrets.SecretReference;
import dev.portage.text.SecretShapes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Secrets that stand in the platform file itself, wherever they stand. They are not repeated; what
 * else the schema forbids is reported with them.
 */
final class LiteralSecrets {

  private final YamlDocument document;
  private final List<ValidationError> errors = new ArrayList<>();

  private LiteralSecrets(YamlDocument document) {
    this.document = document;
  }

  /** The document, if the schema allows it and it holds no secret. */
  static Reading<YamlDocument> refuse(YamlDocument document) {
    LiteralSecrets secrets = new LiteralSecrets(document);
    secrets.look(document.root(), "");
    Set<String> told =
        secrets.errors.stream().map(ValidationError::path).collect(Collectors.toSet());
    DocumentSchema.platform().check(document).stream()
        .filter(error -> !told.contains(error.path()))
        .forEach(secrets.errors::add);
    secrets.errors.sort(Comparator.comparingInt(ValidationError::line));
    return secrets.errors.isEmpty()
        ? new Reading.Good<>(document)
        : new Reading.Wrong<>(secrets.errors);
  }

  private void look(JsonNode node, String pointer) {
    // The words for compute have rules of their own, with references of the workspace's.
    if (pointer.matches("(/workspaces/[^/]+)?/compute")) {
      return;
    }
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      String key = property.getKey();
      if (SecretShapes.find(key).isPresent()) {
        errors.add(document.error(pointer, "a key is a secret", null, "remove and revoke it"));
      } else {
        look(property.getValue(), pointer + "/" + YamlDocument.escape(key));
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      look(node.path(i), pointer + "/" + i);
    }
    if (node.isTextual()) {
      SecretShapes.find(node.asText())
          .ifPresent(secret ->
              errors.add(
                  document.error(
                      pointer,
                      (pointer.isEmpty() ? "the file" : pointer.substring(1).replace('/', '.'))
                          + " is "
                          + secret.name(),
                      SecretReference.FORMS + "; never the secret itself",
                      "remove it here and revoke it")));
    }
  }
}
