package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobQuery;
import dev.portage.registry.Tags;
import dev.portage.serving.EndpointQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two files with one model and two registered models: neither takes what the other made. */
class OtherRegisteredTest extends EndpointWorld {
  private static final String EU = "prod.ml.churn_eu";
  private static final String PROMOTION = "promotion/churn/0123456789ab";

  private static EndpointQuery serving(String registered) {
    return new EndpointQuery("dev", "churn", "churn", registered);
  }

  private static JobQuery scoring(String registered) {
    return new JobQuery("dev", "churn-batch", "churn").toScoreWith(registered);
  }

  @Test
  void anEndpointThatServesTheOtherIsRefusedWithWhoseItIsAndWhatToWrite() {
    serves("3:100", "2:0");

    assertThatThrownBy(() -> endpoints.findEndpoint(serving(EU)))
        .hasMessageContaining(
            "endpoint churn serves version 3 of another registered model, prod.ml.churn, as"
                + " promotion/churn/before left it; this promotion would give its traffic to "
                + EU)
        .hasMessageContaining("serve: { endpoint: churn-eu }")
        .hasMessageContaining("set its tag portage_registered to " + CloudTag.value(EU));
    assertThat(sent).isEmpty();
  }

  @Test
  void anEndpointThatIsBeingCreatedForTheOtherIsRefusedToo() {
    serves("3:100");
    ObjectNode now = now();
    now.set("pending_config", now.remove("config"));
    now.putObject("state").put("config_update", "IN_PROGRESS");
    lasts = null;

    assertThatThrownBy(() -> endpoints.findEndpoint(serving(EU)))
        .hasMessageContaining("prod.ml.churn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prod.ml.churn", "churn", "Churn", "prod.models.churn"})
  void aModelThatOnlyMovedKeepsItsEndpointAndItsJob(String registered) {
    serves("3:100");
    assertThat(endpoints.findEndpoint(serving(registered))).isPresent();

    FakeJobs there = new FakeJobs(workspace);
    DatabricksJobs jobs = Orders.jobs(workspace);
    jobs.applyJob(Orders.scoring(PROMOTION, "1"));
    assertThat(jobs.findJob(scoring(registered))).isPresent();
    assertThat(there.settings).hasSize(1);
  }

  @Test
  void anEndpointOnWhichThereIsSomethingOfTheModelIsItsOwnWhateverElseIsServed() {
    serves("3:100", "4:0");
    ((ObjectNode) now().at("/config/served_entities/1")).put("entity_name", EU);

    assertThat(endpoints.findEndpoint(serving(EU))).isPresent();
    assertThat(endpoints.findEndpoint(serving("prod.ml.churn"))).isPresent();
  }

  @Test
  void anEndpointWithoutVersionsIsNobodys() {
    serves();

    assertThat(endpoints.findEndpoint(serving(EU))).isPresent();
  }

  @Test
  void aPersonHandsAnEndpointOverByItsTag() {
    serves("3:100");
    tag(now(), Tags.REGISTERED, CloudTag.value(EU));

    assertThat(endpoints.findEndpoint(serving(EU))).isPresent();
    assertThatThrownBy(() -> endpoints.findEndpoint(serving("prod.ml.churn_us")))
        .hasMessageContaining("churn-us");
  }

  @Test
  void aRollbackRestoresAnEndpointWhateverItServes() {
    serves("3:100");

    assertThat(endpoints.findEndpoint(new EndpointQuery("dev", "churn", "churn"))).isPresent();
  }

  @Test
  void aJobThatScoresWithTheOtherIsRefusedWithWhoseItIsAndWhatToWrite() {
    FakeJobs there = new FakeJobs(workspace);
    DatabricksJobs jobs = Orders.jobs(workspace);
    jobs.applyJob(Orders.scoring(PROMOTION, "1"));
    JsonNode before = there.only().deepCopy();

    assertThatThrownBy(() -> jobs.findJob(scoring(EU)))
        .hasMessageContaining(
            "job 101 (churn-batch) scores with another registered model, churn, as "
                + PROMOTION
                + " left it; this promotion would replace it with one that scores with "
                + EU)
        .hasMessageContaining("batch: { job: churn-eu-batch }")
        .hasMessageContaining("set its tag portage_registered to " + CloudTag.value(EU));
    assertThat(there.only()).isEqualTo(before);
    assertThat(jobs.findJob(new JobQuery("dev", "churn-batch", "churn"))).isPresent();

    ((ObjectNode) there.only().path("tags")).put(Tags.REGISTERED, CloudTag.value(EU));
    assertThat(jobs.findJob(scoring(EU))).isPresent();
  }
}
