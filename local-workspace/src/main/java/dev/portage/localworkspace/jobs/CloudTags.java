package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tags of a job and its clusters are passed on to a cloud's machines, and each cloud has its
 * own rules for them. A local workspace is in no cloud, and refuses whatever any of the three
 * refuses.
 *
 * @see <a href="https://github.com/databricks/cli/tree/main/libs/tags">The rules as Databricks' own
 *     client has them</a>
 */
final class CloudTags {
  private static final Pattern LATIN_1 = Pattern.compile("[\\x00-\\xff]*");
  private static final Pattern GOOGLE = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Pattern AWS = Pattern.compile("[\\d \\w+\\-=.:/@]*");

  private static final List<Cloud> CLOUDS =
      List.of(
          new Cloud("AWS", new Rule(127, AWS), new Rule(255, AWS)),
          new Cloud(
              "Azure",
              new Rule(512, Pattern.compile("[^<>*&%;\\\\/+?]*")),
              new Rule(256, Pattern.compile(".*"))),
          new Cloud(
              "Google Cloud",
              new Rule(63, GOOGLE),
              new Rule(63, Pattern.compile("(" + GOOGLE.pattern() + ")?"))));

  private CloudTags() {}

  private record Rule(int longest, Pattern pattern) {
    boolean refuses(String text) {
      return text.length() > longest
          || !LATIN_1.matcher(text).matches()
          || !pattern.matcher(text).matches();
    }
  }

  private record Cloud(String name, Rule key, Rule value) {}

  /**
   * Checks tags.
   *
   * @param field where they are, such as "tags"
   * @param tags a map of texts, or nothing
   * @throws ApiRefusal which cloud refuses what, and by which rule
   */
  static void check(String field, JsonNode tags) {
    for (var tag : tags.properties()) {
      for (Cloud cloud : CLOUDS) {
        if (tag.getKey().isEmpty() || cloud.key().refuses(tag.getKey())) {
          throw refusal(field, "key '" + tag.getKey() + "'", cloud, cloud.key());
        }
        if (cloud.value().refuses(tag.getValue().asText())) {
          throw refusal(
              field,
              "value '" + tag.getValue().asText() + "' of '" + tag.getKey() + "'",
              cloud,
              cloud.value());
        }
      }
    }
  }

  private static ApiRefusal refusal(String field, String what, Cloud cloud, Rule rule) {
    return ApiRefusal.invalidParameter(
        "'"
            + field
            + "': the "
            + what
            + " is refused by "
            + cloud.name()
            + ", which takes at most "
            + rule.longest()
            + " characters that match "
            + rule.pattern().pattern());
  }
}
