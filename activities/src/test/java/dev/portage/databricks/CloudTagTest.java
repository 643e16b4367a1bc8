package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobOrder;
import dev.portage.job.Source;
import dev.portage.settings.BatchSettings;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Databricks' own client (libs/tags) and Google's labels allow in tags. */
class CloudTagTest {
  private static final Pattern AWS_KEY = Pattern.compile("[\\w +\\-=.:/@]{1,127}");
  private static final Pattern AWS_VALUE = Pattern.compile("[\\w +\\-=.:/@]{0,255}");
  private static final Pattern AZURE_KEY = Pattern.compile("[^<>*&%;\\\\/+?]{1,512}");
  private static final Pattern GOOGLE_KEY = Pattern.compile("[a-z]([a-z0-9_-]{0,61}[a-z0-9])?");
  private static final Pattern GOOGLE_VALUE =
      Pattern.compile("([a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)?");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "churn",
        "promotion/churn/0123456789ab#prod/batch#1",
        "promotion/churn/0123456789ab/2",
        "main.risk.churn",
        "Churn",
        "_",
        "-x-",
        "",
        " ",
        "ÄÖÜ ß 模型 🚢",
        "x\u0000y\nz",
        "{{job.run_id}}",
        "-----------------------------------------------------------------------------------------"
      })
  void everyCloudAllowsEveryValue(String text) {
    assertTaken("portage_key", CloudTag.value(text));
    CloudTag.packed(text).forEach(part -> assertTaken("portage_undo_1", part));
    assertThat(CloudTag.unpacked(CloudTag.packed(text))).isEqualTo(text);
  }

  @Test
  void textThatEveryCloudAllowsIsKeptAndAllOtherIsEncodedDistinctly() {
    assertThat(CloudTag.value("churn_v2-eu")).isEqualTo("churn_v2-eu");
    assertThat(CloudTag.value("promotion/churn/0123456789ab#prod/batch#1"))
        .startsWith("promotion-churn-0123456789ab-prod-batc-")
        .isNotEqualTo(CloudTag.value("promotion/churn/0123456789ab/prod/batch#1"));
    assertThat(CloudTag.value("Churn")).isNotEqualTo(CloudTag.value("churn"));
    String long1 = CloudTag.value("m".repeat(300) + "1");
    assertThat(long1).hasSize(63).isNotEqualTo(CloudTag.value("m".repeat(300) + "2"));
    // Two different names never become the same tag.
    assertThat(CloudTag.value(CloudTag.value("Churn"))).isNotEqualTo(CloudTag.value("Churn"));
  }

  @Test
  void everyTextHasAnEncodingOfItsOwn() {
    Random random = new Random(11);
    Set<String> values = new HashSet<>();
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(1, 120); length > 0; length--) {
        text.appendCodePoint(
            random.nextInt(3) == 0 ? random.nextInt(1, 0xd7ff) : random.nextInt(32, 127));
      }
      if (texts.add(text.toString())) {
        String value = CloudTag.value(text.toString());
        assertTaken("portage_key", value);
        assertThat(values.add(value)).as(text.toString()).isTrue();
      }
    }
  }

  @Test
  void bytesComeBack() {
    Random random = new Random(7);
    for (int length = 0; length < 70; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      assertThat(CloudTag.bytes(CloudTag.base32(bytes))).isEqualTo(bytes);
    }
    assertThat(CloudTag.base32("foobar".getBytes(StandardCharsets.UTF_8))).isEqualTo("mzxw6ytboi");
    assertThat(CloudTag.bytes("not base32!")).isNull();
  }

  /** Every tag of a job, whatever the model and promotion are called. */
  @Test
  void everyCloudAllowsAllTagsOfAJobAndTheyAreReadBack() {
    JobOrder plain = Orders.scoring("promotion/main.risk.Churn/0123456789ab/2", "1");
    JobOrder order =
        JobOrder.of(
                "dev",
                "main.risk.Churn",
                new BatchSettings(
                    "churn-batch",
                    "notebooks/score.py",
                    plain.table(),
                    plain.parameters(),
                    null,
                    "UTC",
                    plain.timeout()),
                new Source("https://git.example.com/ml", "gitHub", "f".repeat(64), ""))
            .orderedBy(plain.promotion(), plain.promotion() + "#prod/batch#1")
            .version(plain.modelUri(), "1")
            .build();
    ObjectNode settings = JsonNodeFactory.instance.objectNode().put("name", "churn-batch");
    JobTags.Undo undo =
        new JobTags.Undo("0f".repeat(32), "runs:/" + "A9".repeat(16) + "/job-before.json");

    JobTags.mark(settings, order);
    JobTags.record(settings, undo);

    JsonNode tags = settings.path("tags");
    assertThat(tags).hasSizeLessThanOrEqualTo(25);
    tags.properties().forEach(tag -> assertTaken(tag.getKey(), tag.getValue().textValue()));
    assertThat(JobTags.undo(settings)).isEqualTo(undo);
    assertThat(JobTags.isOf(settings, order.promotion())).isTrue();
    assertThat(JobTags.isOfModel(settings, "main.risk.Churn")).isTrue();
    assertThat(JobTags.isOfModel(settings, "main.risk.churn")).isFalse();
  }

  @Test
  void theLongestAddressOfTheSettingsBeforeFits() {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    JobTags.Undo undo = new JobTags.Undo("0f".repeat(32), "x:/" + "y".repeat(197));

    JobTags.record(settings, undo);

    assertThat(settings.path("tags")).hasSizeLessThan(10);
    assertThat(JobTags.undo(settings)).isEqualTo(undo);
  }

  private static void assertTaken(String key, String value) {
    assertThat(key).matches(AWS_KEY).matches(AZURE_KEY).matches(GOOGLE_KEY);
    assertThat(value).matches(AWS_VALUE).matches(GOOGLE_VALUE).hasSizeLessThanOrEqualTo(63);
  }
}
