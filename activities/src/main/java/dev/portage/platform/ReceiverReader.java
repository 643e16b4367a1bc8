package dev.portage.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.ValidationError;
import dev.portage.document.YamlDocument;
import dev.portage.notice.NoticeKind;
import dev.portage.platform.Receiver.Format;
import dev.portage.secrets.SecretReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code notify} of a schema-valid document. */
final class ReceiverReader {

  private final YamlDocument document;
  private final List<ValidationError> errors;

  ReceiverReader(YamlDocument document, List<ValidationError> errors) {
    this.document = document;
    this.errors = errors;
  }

  List<Receiver> readAll() {
    List<Receiver> receivers = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : document.root().path("notify").properties()) {
      Receiver receiver = read(entry.getKey(), entry.getValue());
      if (receiver != null) {
        receivers.add(receiver);
      }
    }
    return receivers;
  }

  private @Nullable Receiver read(String name, JsonNode node) {
    String pointer = "/notify/" + YamlDocument.escape(name);
    Format format =
        Format.valueOf(node.path("format").asText("cloudevents").toUpperCase(Locale.ROOT));
    SecretReference url = secret(pointer + "/url", node.path("url").asText());
    List<SecretReference> keys = new ArrayList<>();
    for (String key : texts(node.path("key"))) {
      SecretReference reference = secret(pointer + "/key", key);
      if (reference != null) {
        keys.add(reference);
      }
    }
    if (format == Format.CLOUDEVENTS && !node.has("key")) {
      errors.add(
          document.error(
              pointer,
              "receiver \""
                  + name
                  + "\" gets events that programs act on, so they are signed, and key is missing",
              SecretReference.FORMS,
              "make a key by: openssl rand -base64 32"));
    }
    List<NoticeKind> on =
        node.has("on")
            ? texts(node.path("on")).stream().map(NoticeKind::of).distinct().toList()
            : List.of(NoticeKind.values());
    List<String> models = node.has("models") ? texts(node.path("models")) : List.of("*");
    return url == null ? null : new Receiver(name, format, url, keys, on, models);
  }

  /** The text is not repeated: it may be the secret itself. */
  private @Nullable SecretReference secret(String pointer, String text) {
    SecretReference reference = SecretReference.parse(text).orElse(null);
    if (reference == null) {
      errors.add(
          document.error(
              pointer,
              pointer.substring(1).replace('/', '.') + " is not a secret reference",
              SecretReference.FORMS + "; never the secret itself",
              null));
    }
    return reference;
  }

  private static List<String> texts(JsonNode node) {
    if (node.isTextual()) {
      return List.of(node.asText());
    }
    List<String> texts = new ArrayList<>();
    node.forEach(value -> texts.add(value.asText()));
    return texts;
  }
}
