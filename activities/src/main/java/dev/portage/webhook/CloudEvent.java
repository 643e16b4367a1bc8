package dev.portage.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.notice.Notice;
import dev.portage.temporal.Payloads;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A notice as an event for programs, in the JSON format's structured mode.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">
 *     CloudEvents, JSON event format</a>
 */
final class CloudEvent {

  private static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";
  private static final ObjectMapper MAPPER = Payloads.mapper();

  private CloudEvent() {}

  /**
   * The event.
   *
   * @param source path of the promotion's page, which with the id is unique
   * @param link the whole address of the page, null where no Web UI is known
   */
  static Body of(Notice notice, String source, @Nullable URI link) {
    ObjectNode data = MAPPER.valueToTree(notice);
    if (link != null) {
      data.put("link", link.toString());
    }
    ObjectNode event =
        MAPPER
            .createObjectNode()
            .put("specversion", "1.0")
            .put("id", notice.id())
            .put("source", source)
            .put("type", notice.kind().eventType())
            .put("subject", notice.model())
            .put("time", notice.at().toString())
            .put("datacontenttype", "application/json");
    event.set("data", data);
    try {
      return new Body(CONTENT_TYPE, MAPPER.writeValueAsBytes(event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }
}
