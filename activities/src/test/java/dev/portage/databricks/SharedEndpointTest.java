package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.serving.EndpointChanged.Outcome;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopy;
import dev.portage.serving.EndpointOrder;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.Served;
import dev.portage.serving.StoredEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An endpoint on which people serve and remove what they like, beside what is promoted. */
class SharedEndpointTest extends EndpointWorld {
  private static final EndpointQuery QUERY = new EndpointQuery("dev", "churn", "churn");
  private static final String HOLDER = "promotion/churn/0123456789ab";
  private static final String BEFORE = "rollback/dev/churn/7";

  private StoredEndpoint stored() {
    return endpoints.storeEndpoint(new EndpointCopy("dev", "churn", "churn", "k"));
  }

  private EndpointOrder order(
      EndpointConfig wanted, StoredEndpoint stored, @Nullable List<EndpointConfig> found) {
    return new EndpointOrder(QUERY, wanted, null, stored.settings(), found, HOLDER, null);
  }

  @Test
  void aVersionAtRestThatSomebodyRemovedIsNotNeededToGoBack() {
    serves("3:100");
    StoredEndpoint stored = stored();
    EndpointConfig back = stored.config();
    EndpointConfig traffic =
        back.giving(new Served("churn-4", "prod.ml.churn", "4", 0, "as it was made"), 0);

    assertThat(endpoints.changeEndpoint(order(traffic, stored, List.of(back))).outcome())
        .isEqualTo(Outcome.UNCHANGED);

    serves("3:40", "9:60");
    assertThat(endpoints.changeEndpoint(order(traffic, stored, null)).outcome())
        .isEqualTo(Outcome.SENT);
    assertThat(sent.getLast().path("served_entities").findValuesAsText("name"))
        .containsExactly("churn-3");
  }

  @Test
  void whoTakesAChangeBackIsNotTheOneWhoChangedItLast() {
    serves("3:100");
    StoredEndpoint stored = stored();
    EndpointConfig before = stored.config();
    serves("3:95", "4:5");
    changedLast("promotion/" + "m".repeat(63) + "/0123456789ab");

    endpoints.changeEndpoint(takingBack(before.giving(four(), 0), stored, BEFORE));
    assertThat(changedLast()).as("while traffic moves").isEqualTo(HOLDER);

    serves("3:100", "4:0");
    changedLast(HOLDER);
    endpoints.changeEndpoint(takingBack(before, stored, BEFORE));
    assertThat(changedLast()).isEqualTo(BEFORE);
    assertThat(EndpointTags.all(now())).containsEntry("portage_promotion", CloudTag.value(BEFORE));

    serves("3:100");
    changedLast(HOLDER);
    endpoints.changeEndpoint(takingBack(before, stored, ""));
    assertThat(changedLast()).as("nobody had").isNull();
    assertThat(EndpointTags.all(now())).containsOnlyKeys("portage_model", "portage_workspace");
  }

  private @Nullable String changedLast() {
    return endpoints.findEndpoint(QUERY).orElseThrow().promotion();
  }

  private void changedLast(String workflow) {
    EndpointTags.add(
        now().putArray("tags"),
        new EndpointOrder(QUERY, EndpointConfig.NONE, null, null, null, HOLDER, null),
        workflow);
  }

  private static Served four() {
    return new Served("churn-4", "prod.ml.churn", "4", 0, null);
  }

  private static EndpointOrder takingBack(
      EndpointConfig wanted, StoredEndpoint stored, String takesBackTo) {
    return new EndpointOrder(
        QUERY, wanted, null, stored.settings(), null, HOLDER, null, takesBackTo);
  }

  @Test
  void featuresThatAreServedHaveNoVersion() {
    serves("3:100", "9:0");
    ObjectNode features = (ObjectNode) now().at("/config/served_entities/1");
    features.put("entity_name", "prod.ml.features").remove("entity_version");
    StoredEndpoint stored = stored();
    EndpointConfig before = stored.config();

    endpoints.changeEndpoint(order(before.without("churn-9").giving(nine(), 50), stored, null));

    JsonNode entity = sent.getLast().at("/served_entities/1");
    assertThat(entity.path("entity_name").asText()).isEqualTo("prod.ml.features");
    assertThat(entity.has("entity_version")).isFalse();
    assertThat(before.giving(nine(), 50).text()).isEqualTo("versions 3 (50 %) and churn-9 (50 %)");
  }

  private static Served nine() {
    return new Served("churn-9", "prod.ml.features", "", 0, null);
  }

  @Test
  void aRangeThatBeginsAtNothingStaysOne() {
    serves("3:100");
    ObjectNode entity = (ObjectNode) now().at("/config/served_entities/0");
    entity.remove("workload_size");
    entity.put("min_provisioned_concurrency", 0).put("max_provisioned_concurrency", 8);
    StoredEndpoint stored = stored();

    serves("4:100");
    endpoints.changeEndpoint(order(stored.config(), stored, null));

    JsonNode again = sent.getLast().at("/served_entities/0");
    assertThat(again.path("max_provisioned_concurrency").asInt()).isEqualTo(8);
    assertThat(again.path("min_provisioned_concurrency").isNumber()).isTrue();
  }
}
