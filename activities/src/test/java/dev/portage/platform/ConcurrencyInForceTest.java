package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.Concurrency;
import dev.portage.settings.EffectiveValue;
import dev.portage.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which {@code concurrency} is in force: the strictest, which a file only tightens. */
class ConcurrencyInForceTest extends SettingsOfFiles {

  @ParameterizedTest
  @CsvSource({
    // tier, qa, prod, file, in force, said in
    "-, -, -, -, supersede, default",
    "-, -, -, queue, queue, promotion.yaml:9",
    "-, -, -, refuse, refuse, promotion.yaml:9",
    "-, -, -, supersede, supersede, promotion.yaml:9",
    "queue, -, -, -, queue, portage.yaml:7",
    "supersede, -, -, -, supersede, portage.yaml:7",
    "queue, -, refuse, -, refuse, portage.yaml:4",
    "refuse, -, queue, -, refuse, portage.yaml:7",
    "queue, -, queue, -, queue, portage.yaml:7",
    "-, -, queue, refuse, refuse, promotion.yaml:9",
    "-, refuse, -, -, supersede, default",
  })
  void theStrictestOfTierAndTargetsIsInForceAndAFileTightensIt(
      String tier, String qa, String prod, String file, String inForce, String origin) {
    Settings settings = settings(platform(tier, qa, prod), file(file), FILES);
    assertThat(settings.concurrency()).isEqualTo(Concurrency.of(inForce));
    assertThat(settings.values()).contains(new EffectiveValue("concurrency", inForce, origin));
  }

  @Test
  void eachTargetOfALongerPathCounts() {
    String platform = platform("-", "refuse", "queue").replace("[dev, prod]", "[dev, qa, prod]");
    assertThat(settings(platform, FILE, FILES).concurrency()).isEqualTo(Concurrency.REFUSE);
  }

  @ParameterizedTest
  @CsvSource({
    "queue, supersede, looser than queue in portage.yaml:7, queue or refuse",
    "refuse, queue, looser than refuse in portage.yaml:7, refuse",
    "refuse, supersede, looser than refuse in portage.yaml:7, refuse",
  })
  void aFileThatLoosensItIsRefusedWithWhoDemandsMore(
      String tier, String file, String why, String allowed) {
    assertThat(problem(platform(tier, "-", "-"), file(file), FILES).message())
        .contains("promotion.yaml:9", "concurrency is " + file, why, allowed);
  }

  private static String platform(String tier, String qa, String prod) {
    return PLATFORM
        .replace("approve: [owners]", "approve: [owners]" + said(tier))
        .replace("\"file:qa.token\"", "\"file:qa.token\"" + said(qa))
        .replace("marking: aliases", "marking: aliases" + said(prod));
  }

  private static String said(String policy) {
    return policy.equals("-") ? "" : ", concurrency: " + policy;
  }

  private static String file(String policy) {
    return policy.equals("-") ? FILE : FILE + "concurrency: " + policy + "\n";
  }
}
