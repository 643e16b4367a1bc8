package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.adopt.AdoptEndpointOrder;
import dev.portage.adopt.AdoptedEndpoint;
import dev.portage.serving.EndpointQuery;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** An endpoint that nobody promoted becomes the model's. */
class EndpointAdoptionTest extends EndpointWorld {

  private final EndpointAdoption adoption = new EndpointAdoption(workspace.clients(), store());

  private void livesAlready(String... versionsAndPercents) {
    serves(versionsAndPercents);
    now().putArray("tags").addObject().put("key", "team").put("value", "risk");
    ((ObjectNode) now().path("state")).put("ready", "READY");
    now().put("id", "e1").put("permission_level", "CAN_MANAGE");
  }

  private static AdoptEndpointOrder order() {
    return new AdoptEndpointOrder("dev", "churn", "prod.ml.churn", "churn", "adopt/serve", null);
  }

  private void refused(String why) {
    assertThatThrownBy(() -> adoption.findEndpointToAdopt(order())).hasMessageContaining(why);
    assertThatThrownBy(() -> adoption.tagEndpoint(order())).hasMessageContaining(why);
    assertThat(workspace.calls(TAGS)).isEmpty();
  }

  @Test
  void onlyItsTagsChangeAndPromotionsFindIt() {
    livesAlready("3:100");
    ObjectNode before = now().path("config").deepCopy();

    AdoptedEndpoint found = adoption.findEndpointToAdopt(order());
    assertThat(found.tagged()).isFalse();
    assertThat(workspace.calls(TAGS)).isEmpty();

    AdoptedEndpoint tagged = adoption.tagEndpoint(order());
    assertThat(tagged.tagged()).isTrue();
    assertThat(now().path("config")).isEqualTo(before);
    assertThat(EndpointTags.all(now()))
        .containsEntry("team", "risk")
        .containsEntry("portage_model", "churn")
        .containsEntry("portage_workspace", "dev")
        .doesNotContainKey("portage_promotion");
    assertThat(endpoints.findEndpoint(new EndpointQuery("dev", "churn", "churn")))
        .get()
        .satisfies(state -> assertThat(state.config().text()).isEqualTo("version 3"));
    assertThat(workspace.calls(PUT)).isEmpty();
  }

  @Test
  void allThatItServesIsStored() {
    livesAlready("3:90", "2:10");

    AdoptedEndpoint kept = adoption.storeEndpointToAdopt(order());

    String text = stored.get(Objects.requireNonNull(kept.settings()).uri());
    assertThat(text).contains("churn-3").contains("churn-2").contains("\"traffic_percentage\":90");
    assertThat(kept.settings().sha256())
        .isEqualTo(IdempotencyToken.sha256(Objects.requireNonNull(text)));
    assertThat(kept.state().config().text()).isEqualTo("versions 3 (90 %) and 2 (10 %)");
  }

  @Test
  void aRepeatChangesNothing() {
    livesAlready("3:100");
    adoption.tagEndpoint(order());
    adoption.tagEndpoint(order());
    assertThat(workspace.calls(TAGS)).hasSize(1);
  }

  @Test
  void itsTagsAreTakenAwayAgainAndOthersStay() {
    livesAlready("3:100");
    adoption.tagEndpoint(order());

    adoption.untagEndpoint(order());
    adoption.untagEndpoint(order());

    assertThat(EndpointTags.all(now())).containsOnlyKeys("team");
    assertThat(workspace.calls(TAGS)).hasSize(2);
  }

  @Test
  void whatAPromotionChangedSinceIsNotUntagged() {
    livesAlready("3:100");
    adoption.tagEndpoint(order());
    now().withArray("tags").addObject().put("key", "portage_promotion").put("value", "p");

    adoption.untagEndpoint(order());

    assertThat(EndpointTags.all(now())).containsEntry("portage_model", "churn");
  }

  @Test
  void oneThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> adoption.findEndpointToAdopt(order()))
        .hasMessageContaining("there is no endpoint churn that the login can see")
        .hasMessageContaining("Correct --endpoint. Nothing was changed.");
    adoption.untagEndpoint(order());
  }

  @Test
  void theEndpointOfAnotherModelIsRefused() {
    livesAlready("3:100");
    now().withArray("tags").addObject().put("key", "portage_model").put("value", "credit");
    refused("endpoint churn belongs to model credit");
  }

  @Test
  void oneThatServesAnotherModelIsRefused() {
    livesAlready("3:100");
    entity(0).put("entity_name", "prod.ml.credit");
    refused("endpoint churn serves model prod.ml.credit, not prod.ml.churn");
  }

  @Test
  void oneThatServesSeveralModelsIsRefusedAlsoWhereOneGetsNoTraffic() {
    livesAlready("3:100", "2:0");
    entity(0).put("entity_name", "prod.ml.credit");
    refused("endpoint churn serves several models: prod.ml.churn, prod.ml.credit");
  }

  @Test
  void oneThatServesAnExternalModelIsRefused() {
    livesAlready("3:100");
    entity(0).remove("entity_version");
    entity(0).putObject("external_model").put("name", "some-model");
    refused("endpoint churn serves an external model");
  }

  @Test
  void oneThatServesAFoundationModelOrAFunctionIsRefused() {
    livesAlready("3:100");
    entity(0).remove("entity_version");
    refused("endpoint churn serves something without a version");
    entity(0).putObject("foundation_model").put("name", "some-model");
    refused("endpoint churn serves a foundation model");
  }

  @Test
  void oneThatIsBeingUpdatedIsRefused() {
    livesAlready("3:100");
    ((ObjectNode) now().path("state")).put("config_update", "IN_PROGRESS");
    lasts = null;
    refused("endpoint churn is being updated");
  }

  @Test
  void oneThatIsNotReadyIsRefused() {
    livesAlready("3:100");
    ((ObjectNode) now().path("state")).put("ready", "NOT_READY");
    refused("endpoint churn is not ready: NOT_READY");
  }

  @Test
  void oneThatTheLoginMayOnlyQueryIsRefusedWithTheGrant() {
    livesAlready("3:100");
    now().put("permission_level", "CAN_QUERY");
    refused("the login has CAN_QUERY on endpoint churn, and needs CAN_MANAGE");
    assertThatThrownBy(() -> adoption.findEndpointToAdopt(order()))
        .hasMessageContaining("databricks permissions update serving-endpoints e1");
  }

  private ObjectNode entity(int index) {
    return (ObjectNode) now().at("/config/served_entities/" + index);
  }
}
