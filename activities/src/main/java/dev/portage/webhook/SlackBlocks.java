package dev.portage.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.temporal.Payloads;
import dev.portage.text.Bounded;

/**
 * A message as blocks for an incoming webhook of Slack. Texts of others are plain text, in which
 * Slack finds no formatting; {@code &}, {@code <} and {@code >} are escaped everywhere, since a
 * mention such as {@code <!channel>} counts in any text.
 *
 * @see <a href="https://docs.slack.dev/reference/block-kit/blocks">Blocks and their limits</a>
 */
final class SlackBlocks {

  private static final String CONTENT_TYPE = "application/json; charset=utf-8";

  /** Characters of a header, as Slack counts them; escapes count. */
  private static final int HEADER = 150;

  /** Characters of a section's text. */
  private static final int SECTION = 3_000;

  /** Characters of a message's plain text, for notifications; it takes more and shows less. */
  private static final int SUMMARY = 1_000;

  /** Characters of a button's address. */
  private static final int ADDRESS = 3_000;

  private static final ObjectMapper MAPPER = Payloads.mapper();

  private SlackBlocks() {}

  /** The request's body. */
  static Body of(Message message) {
    ObjectNode body =
        MAPPER
            .createObjectNode()
            .put("text", escaped(Bounded.line(message.title(), SUMMARY), SUMMARY));
    ArrayNode blocks = body.putArray("blocks");
    text(blocks.addObject().put("type", "header"), Bounded.line(message.title(), HEADER), HEADER);
    for (Message.Fact fact : message.facts()) {
      section(blocks, fact.name() + "\n" + Bounded.lines(fact.text(), SECTION / 2));
    }
    String command = message.command();
    if (command != null) {
      section(blocks, "In a terminal\n" + Bounded.line(command, SECTION / 2));
    }
    if (message.link() != null && message.link().toString().length() <= ADDRESS) {
      ObjectNode button =
          blocks
              .addObject()
              .put("type", "actions")
              .putArray("elements")
              .addObject()
              .put("type", "button");
      text(button, "Open the promotion", HEADER);
      button.put("url", message.link().toString());
    }
    try {
      return new Body(CONTENT_TYPE, MAPPER.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  private static void section(ArrayNode blocks, String text) {
    text(blocks.addObject().put("type", "section"), text, SECTION);
  }

  private static void text(ObjectNode block, String text, int most) {
    block
        .putObject("text")
        .put("type", "plain_text")
        .put("text", escaped(text, most))
        .put("emoji", false);
  }

  /** The text with escapes, of at most so many characters: no escape is cut in two. */
  private static String escaped(String text, int most) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      String one =
          switch (codePoint) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(codePoint);
          };
      if (escaped.length() + one.length() > most - 1) {
        return escaped.append('…').toString();
      }
      escaped.append(one);
      i += Character.charCount(codePoint);
    }
    return escaped.toString();
  }
}
