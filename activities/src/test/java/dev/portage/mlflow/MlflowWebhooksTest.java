package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.registry.Marking;
import dev.portage.settings.Station;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Trigger.Event;
import dev.portage.trigger.Trigger.Kind;
import dev.portage.trigger.TriggerQuery;
import dev.portage.trigger.Triggers;
import java.util.Set;
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
            new Trigger(Kind.WEBHOOK, "2", "both", Event.MODEL),
            new Trigger(Kind.WEBHOOK, "2", "both", Event.VERSION));

    mlflow.client().registeredModels().ensure("churn");
    assertThat(find().found())
        .containsExactly(new Trigger(Kind.WEBHOOK, "2", "both", Event.VERSION));
    assertThat(find().notSeen()).isNull();
  }

  @Test
  void anAliasIsSetInTheFirstWorkspaceTwiceAndInATargetOnce() {
    mlflow.before =
        request ->
            request.getUrl().encodedPath().endsWith("/webhooks")
                ? new MockResponse.Builder()
                    .code(200)
                    .body(
                        """
                        {"webhooks": [{"webhook_id": "1", "name": "chat", "events": [
                          {"entity": "MODEL_VERSION_ALIAS", "action": "CREATED"},
                          {"entity": "MODEL_VERSION_TAG", "action": "SET"}]}]}\
                        """)
                    .build()
                : null;
    assertThat(find().found())
        .extracting(Trigger::event)
        .containsExactly(Event.TAG, Event.CHAMPION);
    assertThat(find(TriggerQuery.ofOrigin(station(Marking.ALIASES), false)).found())
        .extracting(Trigger::event)
        .containsExactly(Event.TAG, Event.CANDIDATE, Event.CHAMPION);
    assertThat(find(TriggerQuery.ofOrigin(station(Marking.STAGES), false)).found())
        .as("stages have no events")
        .extracting(Trigger::event)
        .containsExactly(Event.TAG);
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
    return find(TriggerQuery.ofTarget(station(Marking.ALIASES)));
  }

  private Triggers find(TriggerQuery query) {
    return new MlflowWebhooks(FakeServers.of(mlflow)).findTriggers(query);
  }

  private static Station station(Marking marking) {
    return new Station("dev", "mlflow", Set.of(), "churn", marking);
  }
}
