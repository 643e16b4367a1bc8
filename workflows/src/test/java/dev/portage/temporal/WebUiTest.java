package dev.portage.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links to Temporal's Web UI. */
class WebUiTest {

  private static final WebUi UI = new WebUi(URI.create("https://temporal.example.com/"), "ml team");

  @Test
  void aPromotionsPageIsTheTabThatShowsWhatPortageSays() {
    assertThat(UI.page("promotion/churn/0123456789ab", "0b5c-run"))
        .contains(
            URI.create(
                "https://temporal.example.com/namespaces/ml%20team/workflows/promotion%2Fchurn%2F0123456789ab/0b5c-run/user-metadata"));
  }

  @Test
  void aListIsThatOfAQuery() {
    assertThat(UI.list("PortageState = 'WAITING' AND a+b"))
        .contains(
            URI.create(
                "https://temporal.example.com/namespaces/ml%20team/workflows?query=PortageState%20%3D%20%27WAITING%27%20AND%20a%2Bb"));
  }

  @Test
  void withoutAnAddressThereAreNoLinks() {
    WebUi unknown = new WebUi(WebUi.address(Map.of()).orElse(null), "default");
    assertThat(unknown.page("x")).isEmpty();
    assertThat(unknown.list("x")).isEmpty();
    assertThat(unknown.path("x")).isEqualTo("/namespaces/default/workflows/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "https://user:pw@x", "x y", "https://", "javascript:alert(1)"})
  void aWrongAddressIsRefusedAndNotRepeated(String address) {
    assertThatThrownBy(() -> WebUi.address(Map.of(WebUi.VARIABLE, address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(WebUi.WRONG);
  }
}
