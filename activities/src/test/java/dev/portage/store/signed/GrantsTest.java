package dev.portage.store.signed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:00:00Z");

  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final AtomicLong nanos = new AtomicLong();
  private final List<Integer> calls = new ArrayList<>();
  private final Grants grants = new Grants(signer(2_000), nanos::get);

  private Signer signer(int most) {
    return new Signer() {
      @Override
      public int most() {
        return most;
      }

      @Override
      public Map<String, Grant> sign(List<String> keys) {
        assertThat(keys).hasSizeLessThanOrEqualTo(most).doesNotHaveDuplicates();
        calls.add(keys.size());
        return keys.stream().collect(Collectors.toMap(key -> key, key -> grant("/" + key)));
      }
    };
  }

  private Grant grant(String path) {
    return new Grant(
        "", "https://store.example.com/" + calls.size() + path, Map.of(), Duration.ofSeconds(60));
  }

  @Test
  void tenThousandFilesCostAFewCalls() {
    List<String> keys = IntStream.range(0, 10_000).mapToObj(i -> "f" + i).toList();
    grants.expect(keys);

    keys.forEach(key -> assertThat(grants.of(key).address()).endsWith("/" + key));

    assertThat(calls).containsExactly(64, 256, 1024, 2000, 2000, 2000, 2000, 656);
  }

  @Test
  void unexpectedFilesAreRequestedOneByOne() {
    grants.expect(List.of("a", "b"));

    grants.of("z");
    grants.of("b");
    grants.of("a");

    assertThat(calls).containsExactly(1, 1, 1);
  }

  @Test
  void aGrantIsUsedForItsTimeAndNoLonger() {
    grants.of("a");
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    grants.of("a");
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    grants.of("a");

    assertThat(calls).hasSize(2);
  }

  @Test
  void aRefusedGrantIsNotUsedAgain() {
    grants.refused("a", grants.of("a"));
    grants.of("a");
    grants.of("a");

    assertThat(calls).hasSize(2);
  }

  @Test
  void threadsRefusedTogetherGetOneNewGrant() {
    Grant shared = grants.of("a");

    for (int thread = 0; thread < 16; thread++) {
      grants.refused("a", shared);
      grants.of("a");
    }

    assertThat(calls).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example.com/x?se=2026-01-02T04%3A00%3A00Z&sig=s, 1800",
    "https://a.example.com/x?se=2026-01-02T03%3A10%3A00Z&sig=s, 300",
    "https://a.example.com/x?X-Amz-Date=20260102T030000Z&X-Amz-Expires=600, 300",
    "https://a.example.com/x?X-Goog-Date=20260102T025500Z&X-Goog-Expires=600, 150",
    "https://a.example.com/x?Expires=1767323400, 300",
    "https://a.example.com/x?se=2027-01-02T03%3A00%3A00Z, 1800",
    "https://a.example.com/x?se=2026-01-02T02%3A00%3A00Z, 120",
    "https://a.example.com/x?se=soon, 120",
    "https://a.example.com/x, 120"
  })
  void aUrlIsUsedForHalfItsStatedLifetime(String address, int seconds) {
    assertThat(Grant.of(server(), "x", "", address, Map.of(), NOW).usedFor())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://a.example.com/x",
    "http://a.example.com/x?sig=c2VjcmV0",
    "https://ana:c2VjcmV0@a.example.com/x",
    "file:///etc/passwd",
    "nothing"
  })
  void untrustworthyUrlsAreRefusedWithoutBeingShown(String address) {
    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> Grant.of(server(), "read file x", "", address, Map.of(), NOW));

    assertThat(failure).hasMessageContaining("signed URL");
    assertThat(failure.toString()).doesNotContain("c2VjcmV0").doesNotContain("a.example.com");
  }

  @Test
  void headersThatWouldChangeTheRequestAreNotSent() {
    String address = "https://a.example.com/x";
    Grant grant =
        Grant.of(
            server(),
            "x",
            "",
            address,
            Map.of("Host", "b", "content-length", "7", "Transfer-Encoding", "chunked", "x-a", "1"),
            NOW);

    assertThat(grant.headers()).containsExactly(Map.entry("x-a", "1"));
    for (Map<String, String> wrong :
        List.of(Map.of("x-a", "1\r\nx-b: 2"), Map.of("x a", "1"), Map.of("", "1"))) {
      assertThatThrownBy(() -> Grant.of(server(), "x", "", address, wrong, NOW))
          .isInstanceOf(ApplicationFailure.class);
    }
    assertThat(grant.toString()).doesNotContain("a.example.com");
  }

  private MlflowServer server() {
    URI base = URI.create("https://mlflow.example.com");
    return new MlflowServer(http, base, () -> null, "dev", MlflowPages.ofMlflow(base));
  }
}
