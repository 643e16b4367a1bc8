package dev.portage.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.temporal.Payloads;
import dev.portage.text.Bounded;
import java.util.List;

/**
 * A message as an Adaptive Card, in the envelope that a workflow of Teams takes. Texts of others
 * are runs of a rich text, in which Teams finds no Markdown, and no mention.
 *
 * @see <a href="https://adaptivecards.io/explorer/RichTextBlock.html">Adaptive Cards</a>
 */
final class TeamsCard {

  private static final String CONTENT_TYPE = "application/json; charset=utf-8";

  /** Teams takes 28 KB of what it makes of a card, which is more than the card itself. */
  private static final int MOST_BYTES = 20_000;

  /** How much of each text is shown, in bytes, until the card fits. */
  private static final List<Integer> WIDTHS = List.of(2_000, 800, 300, 100);

  private static final ObjectMapper MAPPER = Payloads.mapper();

  private TeamsCard() {}

  /** The request's body. */
  static Body of(Message message) {
    byte[] bytes = new byte[0];
    for (int width : WIDTHS) {
      bytes = bytes(message, width);
      if (bytes.length <= MOST_BYTES) {
        break;
      }
    }
    return new Body(CONTENT_TYPE, bytes);
  }

  private static byte[] bytes(Message message, int width) {
    ObjectNode card =
        MAPPER
            .createObjectNode()
            .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
            .put("type", "AdaptiveCard")
            .put("version", "1.4");
    ArrayNode body = card.putArray("body");
    run(body, Bounded.line(message.title(), width)).put("size", "Large").put("weight", "Bolder");
    for (Message.Fact fact : message.facts()) {
      run(body, Bounded.line(fact.name(), width)).put("isSubtle", true);
      run(body, Bounded.lines(fact.text(), width));
    }
    String command = message.command();
    if (command != null) {
      run(body, "In a terminal").put("isSubtle", true);
      run(body, Bounded.line(command, width)).put("fontType", "Monospace");
    }
    if (message.link() != null) {
      card.putArray("actions")
          .addObject()
          .put("type", "Action.OpenUrl")
          .put("title", "Open the promotion")
          .put("url", message.link().toString());
    }
    ObjectNode envelope = MAPPER.createObjectNode().put("type", "message");
    envelope
        .putArray("attachments")
        .addObject()
        .put("contentType", "application/vnd.microsoft.card.adaptive")
        .putNull("contentUrl")
        .set("content", card);
    try {
      return MAPPER.writeValueAsBytes(envelope);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  /** A text on lines of its own; returns its run, to be styled. */
  private static ObjectNode run(ArrayNode body, String text) {
    ObjectNode block = body.addObject().put("type", "RichTextBlock");
    return block.putArray("inlines").addObject().put("type", "TextRun").put("text", text);
  }
}
