package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Complaint;
import dev.portage.document.Reading;
import dev.portage.document.YamlDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Secrets have no place in a {@code promotion.yaml}, neither themselves nor by reference: whoever
 * can change that file could otherwise have the worker read what is not theirs.
 */
final class SecretsInFile {

  private static final Pattern REFERENCE = Pattern.compile("\\s*(env|file|keyvault):\\s*\\S.*");

  /** Databricks' personal access tokens: docs.databricks.com/dev-tools/auth/pat. */
  private static final Pattern TOKEN = Pattern.compile(".*\\bdapi[0-9a-f]{16,}.*");

  private SecretsInFile() {}

  static Reading<YamlDocument> refuse(YamlDocument document) {
    List<Complaint> complaints = new ArrayList<>();
    look(document, document.root(), "", complaints);
    return complaints.isEmpty() ? new Reading.Good<>(document) : new Reading.Wrong<>(complaints);
  }

  private static void look(
      YamlDocument document, JsonNode node, String pointer, List<Complaint> complaints) {
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      look(
          document,
          property.getValue(),
          pointer + "/" + YamlDocument.escape(property.getKey()),
          complaints);
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        look(document, node.path(i), pointer + "/" + i, complaints);
      }
    }
    if (!node.isTextual()) {
      return;
    }
    String name = pointer.isEmpty() ? "the file" : pointer.substring(1).replace('/', '.');
    // The value itself is not repeated.
    if (TOKEN.matcher(node.asText()).matches()) {
      complaints.add(
          document.complaint(
              pointer, name + " holds a token", null, "remove it here and revoke it"));
    } else if (REFERENCE.matcher(node.asText()).matches()) {
      complaints.add(
          document.complaint(
              pointer,
              name + " is a reference to a secret",
              null,
              "it belongs in the platform file, portage.yaml"));
    }
  }
}
