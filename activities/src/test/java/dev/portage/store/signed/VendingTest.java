package dev.portage.store.signed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Credentials that expire at 10:00, then at 11:00, and so on. */
class VendingTest {
  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final MlflowServer server =
      new MlflowServer(
          http, URI.create("http://127.0.0.1:1"), () -> "login", "prod", MlflowPages.none());
  private int hour = 10;
  private Instant now = Instant.parse("2026-11-21T09:00:00Z");
  private final InstantSource watch = () -> now;

  private final Vending vending =
      new Vending(server, next(), this::next, watch.withZone(ZoneOffset.UTC));

  @Test
  void credentialsAreUsedForHalfTheirLifetime() {
    assertThat(token("a")).isEqualTo("SECRET-10");
    at("09:30");
    assertThat(token("b")).isEqualTo("SECRET-10");
    at("09:31");
    assertThat(token("c")).isEqualTo("SECRET-11");
    assertThat(token("d")).isEqualTo("SECRET-11");
  }

  @Test
  void aRepeatedRequestGetsNewCredentials() {
    assertThat(token("a")).isEqualTo("SECRET-10");
    assertThat(token("a")).isEqualTo("SECRET-11");
    assertThat(token("b")).isEqualTo("SECRET-11");
  }

  @Test
  void credentialsWithoutAnExpiryAreUsedUntilRefused() {
    at("10:30");
    assertThat(new Vending(server, next(), this::next, clock()).of(List.of("a")).until())
        .isNotNull();
    now = Instant.parse("2027-11-21T09:00:00Z");
    Vending.Vended late = new Vending(server, next(), this::next, clock()).of(List.of("a"));
    assertThat(late.until()).as("it lies behind by our clock").isNull();
  }

  @Test
  void missingCredentialsAreReportedAndPresentOnesNeverShown() {
    Vending.Vended vended = vending.of(List.of("a"));
    assertThat(vended).asString().doesNotContain("SECRET");
    assertThatThrownBy(() -> vended.field("gcp_oauth_token", "other"))
        .hasMessageContaining("they have no gcp_oauth_token.other")
        .hasMessageNotContaining("SECRET");
  }

  private String token(String use) {
    return vending.of(List.of(use)).field("gcp_oauth_token", "oauth_token");
  }

  private void at(String time) {
    now = Instant.parse("2026-11-21T" + time + ":00Z");
  }

  private Clock clock() {
    return watch.withZone(ZoneOffset.UTC);
  }

  private JsonNode next() {
    var credentials = JsonNodeFactory.instance.objectNode();
    credentials.putObject("gcp_oauth_token").put("oauth_token", "SECRET-" + hour);
    Instant until = Instant.parse("2026-11-21T" + hour++ + ":00:00Z");
    return credentials.put("expiration_time", until.toEpochMilli());
  }
}
