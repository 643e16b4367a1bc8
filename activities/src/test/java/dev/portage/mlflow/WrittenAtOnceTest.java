package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import io.temporal.failure.ApplicationFailure;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two calls write the same tag at the same moment, and MLflow's database refuses the second. */
class WrittenAtOnceTest extends RegistryScene {
  private static final String SQLITE =
      "(sqlite3.IntegrityError) UNIQUE constraint failed: model_version_tags.key";

  @ParameterizedTest
  @ValueSource(
      strings = {
        SQLITE,
        "(psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint \"t_pk\"",
        "(pymysql.err.IntegrityError) (1062, \"Duplicate entry 'a-1' for key 'PRIMARY'\")",
        "(pyodbc.IntegrityError) Violation of PRIMARY KEY constraint 't_pk'. Cannot insert",
      })
  void theTagOfAVersionIsWrittenWhateverTheDatabase(String words) {
    VersionOrder order = order("key-1");
    registry.registerVersion(order);
    mlflow.versions().add(twin("4", "key-1"));
    refuse("model-versions/set-tag", 1, words);

    assertThat(registry.registerVersion(order).tags()).containsEntry(Tags.DUPLICATES, "4");
  }

  @Test
  void anAliasIsSet() {
    registry.registerVersion(order("key-1"));
    refuse("registered-models/alias", 1, SQLITE);

    assertThat(mark("1", Marking.ALIASES, "champion")).isEqualTo(new Marked("champion", "1", null));
  }

  @Test
  void theTagOfARunIsWritten() {
    String run = FakeMlflow.idOf(mlflow.addRun("/churn", "train", Map.of()));
    refuse("runs/log-batch", 1, SQLITE);

    mlflow.client().runs().tag(run, Map.of("portage_key", "key-1"));

    assertThat(mlflow.runs().getFirst().path("data").path("tags"))
        .extracting((JsonNode tag) -> tag.path("value").asText())
        .contains("key-1");
  }

  @Test
  void refusedOnceMoreItIsThePlatformsFailureWhichIsRetried() {
    registry.registerVersion(order("key-1"));
    refuse("registered-models/alias", 2, SQLITE);

    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class, () -> mark("1", Marking.ALIASES, "champion"));

    assertThat(failure.isNonRetryable()).isFalse();
    assertThat(mlflow.asked("POST registered-models/alias")).isEqualTo(2);
    assertThat(mark("1", Marking.ALIASES, "champion")).isEqualTo(new Marked("champion", "1", null));
  }

  private void refuse(String path, int times, String words) {
    AtomicInteger left = new AtomicInteger(times);
    mlflow.before =
        request ->
            request.getTarget().endsWith(path) && left.getAndDecrement() > 0
                ? refusal(words)
                : null;
  }

  private static MockResponse refusal(String words) {
    return new FakeReply.Refusal(400, "BAD_REQUEST", words).response();
  }
}
