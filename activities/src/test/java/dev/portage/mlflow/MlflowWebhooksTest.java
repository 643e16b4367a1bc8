package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.registry.Marking;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Trigger.Event;
import dev.portage.trigger.Trigger.Kind;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Which webhooks of a registry a promotion triggers. */
class MlflowWebhooksTest {
  private static final String PAGE =
      """
      {"webhooks": [
        {"webhook_id": "1", "name": "catalog", "status": "ACTIVE",
         "events": [{"entity": "REGISTERED_MODEL", "action": "CREATED"}]},
        {"webhook_id": "2", "name": "both",
         "events": [{"entity": "REGISTERED_MODEL", "action": "CREATED"},
                    {"entity": "MODEL_VERSION", "action": "CREATED"}]}]MORE}\
      """;

  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  @AutoClose private final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  private int pages;

  @Test
  void oneOnNewModelsCountsForANewModelAlone() {
    mlflow.before = request -> answer(request.getUrl().encodedPath(), "");
    assertThat(find().found())
        .containsExactly(
            new Trigger(Kind.WEBHOOK, "1", "catalog", Event.MODEL),
            new Trigger(Kind.WEBHOOK, "2", "both", Event.MODEL));

    mlflow.client().registeredModels().ensure("churn");
    assertThat(find().found())
        .containsExactly(new Trigger(Kind.WEBHOOK, "2", "both", Event.VERSION));
    assertThat(find().notSeen()).isNull();
  }

  @Test
  void whatIsBeyondTheLimitIsSaidToBeUnread() {
    mlflow.before =
        request ->
            answer(request.getUrl().encodedPath(), ", \"next_page_token\": \"p" + pages++ + "\"");

    assertThat(find().notSeen()).isEqualTo("webhooks after the first 40 were not read");
  }

  private static @Nullable MockResponse answer(String path, String more) {
    return path.endsWith("/webhooks")
        ? new MockResponse.Builder().code(200).body(PAGE.replace("MORE", more)).build()
        : null;
  }

  private Triggers find() {
    return new MlflowWebhooks(FakeServers.of(mlflow))
        .findTriggers(new TriggerQuery("dev", "churn", Marking.ALIASES));
  }
}
