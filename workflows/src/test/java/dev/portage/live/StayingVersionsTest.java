package dev.portage.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.serving.EndpointConfig;
import dev.portage.serving.Served;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stays on an endpoint without traffic. */
class StayingVersionsTest {

  private static final Served NEW = new Served("churn-4", "prod.ml.churn", "4", 0, null);
  private static final Served SHADOW = new Served("shadow", "prod.ml.fraud", "70", 0, null);
  private static final Served GPT = new Served("gpt", "", "", 0, null);

  @Test
  void whatSomebodyServesOfAnotherModelIsNoOldVersion() {
    EndpointConfig found = config(SHADOW, GPT, churn("3", 100), churn("2", 0), churn("1", 0));

    for (int keep = 0; keep <= 2; keep++) {
      StayingVersions staying = new StayingVersions(found, keep, "prod.ml.churn");
      EndpointConfig beside = staying.beside(NEW);
      EndpointConfig left = staying.atTheEnd(beside.giving(NEW, 100), NEW.name());

      assertThat(beside.served()).as("keep %s", keep).hasSize(4 + keep).contains(SHADOW, GPT);
      assertThat(left.served()).as("keep %s", keep).hasSize(3 + keep).contains(SHADOW, GPT);
    }
    assertThat(new StayingVersions(found, 1, "prod.ml.churn").beside(NEW).named("churn-2"))
        .as("versions of others take no place")
        .isPresent();
  }

  @Test
  void whatHadTheTrafficIsAnOldVersionWhateverModelItIsOf() {
    EndpointConfig found = config(new Served("gpt", "", "", 100, null));
    StayingVersions staying = new StayingVersions(found, 0, "prod.ml.churn");

    assertThat(staying.atTheEnd(staying.beside(NEW).giving(NEW, 100), NEW.name()).served())
        .containsExactly(NEW.at(100));
  }

  @Test
  void versionsThatWereRegisteredElsewhereBeforeAreOldOnes() {
    Served before = new Served("churn-1", "Churn", "1", 0, null);
    StayingVersions staying =
        new StayingVersions(config(before, churn("3", 100)), 0, "prod.ml.churn");

    assertThat(staying.beside(NEW).named("churn-1")).isEmpty();
  }

  private static Served churn(String version, int percent) {
    return new Served("churn-" + version, "prod.ml.churn", version, percent, null);
  }

  private static EndpointConfig config(Served... served) {
    return new EndpointConfig(List.of(served));
  }
}
