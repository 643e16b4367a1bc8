package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.EffectiveValue;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Settings;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a model is served: the traffic that its tier demands, of which a file only asks for more. */
class ServingInForceTest extends SettingsOfFiles {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // tier, file, in force, said in
        "-, -, -, -",
        "100, -, 100, portage.yaml:7",
        "-, 7, 7, promotion.yaml:9",
        "100, 100, 100, promotion.yaml:9",
        "100, 2000, 2000, promotion.yaml:9",
      })
  void aTierDemandsTrafficAndAFileAsksForMore(
      String tier, String file, Integer inForce, String origin) {
    Settings settings = settings(platform(tier), file(file), FILES);

    ServeSettings serve = Objects.requireNonNull(settings.serve());
    assertThat(serve.limits().minRequests()).isEqualTo(inForce);
    if (inForce != null) {
      assertThat(settings.values())
          .contains(new EffectiveValue("serve.limits.min-requests", inForce.toString(), origin));
      assertThat(serve.longestSoak()).isEqualTo(Duration.ofHours(1));
    }
  }

  @Test
  void aFileThatAsksForLessIsRefusedWithWhoDemandsMore() {
    assertThat(problem(platform("100"), file("99"), FILES).message())
        .contains(
            "promotion.yaml:9",
            "serve.limits.min-requests is 99, which is less than 100 in portage.yaml:7",
            "at least 100");
  }

  @Test
  void aTierDemandsNothingOfAModelThatIsNotServed() {
    assertThat(settings(platform("100"), FILE, FILES).serve()).isNull();
  }

  private static String platform(String minRequests) {
    return minRequests == null
        ? PLATFORM
        : PLATFORM.replace("approve: [owners]", "approve: [owners], min-requests: " + minRequests);
  }

  private static String file(String minRequests) {
    return FILE
        + (minRequests == null
            ? "serve: true\n"
            : "serve: { limits: { min-requests: " + minRequests + " } }\n");
  }
}
