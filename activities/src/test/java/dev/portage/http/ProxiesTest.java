package dev.portage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

class ProxiesTest {
  @StartStop private final MockWebServer proxyServer = new MockWebServer();

  @Test
  void eachSchemeHasItsProxy() {
    Proxies proxies =
        Proxies.of(
            Map.of(
                "HTTPS_PROXY", "http://proxy.example.com:3128", "http_proxy", "plain.example.com"));

    assertThat(proxyOf(proxies, "https://mlflow.example.org/")).isEqualTo("proxy.example.com:3128");
    assertThat(proxyOf(proxies, "http://mlflow.example.org/")).isEqualTo("plain.example.com:80");
  }

  @Test
  void hostsOfNoProxyAndThisMachineAreReachedDirectly() {
    Proxies proxies =
        Proxies.of(
            Map.of(
                "ALL_PROXY",
                "http://proxy.example.com:3128",
                "NO_PROXY",
                "inner.example.org, .corp.example, ported.example.org:8443"));

    assertThat(proxyOf(proxies, "https://inner.example.org/")).isEqualTo("direct");
    assertThat(proxyOf(proxies, "https://a.inner.example.org/")).isEqualTo("direct");
    assertThat(proxyOf(proxies, "https://mlflow.corp.example/")).isEqualTo("direct");
    assertThat(proxyOf(proxies, "https://ported.example.org:8443/")).isEqualTo("direct");
    assertThat(proxyOf(proxies, "http://127.0.0.1:5000/")).isEqualTo("direct");
    assertThat(proxyOf(proxies, "http://localhost:5000/")).isEqualTo("direct");
    assertThat(proxyOf(proxies, "http://[::1]:5000/")).isEqualTo("direct");
    assertThat(proxyOf(proxies, "https://ported.example.org:9443/")).isNotEqualTo("direct");
    assertThat(proxyOf(proxies, "https://notinner.example.org/")).isNotEqualTo("direct");
  }

  @Test
  void anInvalidProxyIsNamedWithoutItsPassword() {
    assertThatThrownBy(
            () -> Proxies.of(Map.of("HTTPS_PROXY", "socks5://ana:s3cret-pass@proxy:1080")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageNotContaining("s3cret-pass");
  }

  @Test
  void theProxyGetsItsLoginOnRequest() throws InterruptedException {
    proxyServer.enqueue(
        new MockResponse.Builder().code(407).addHeader("Proxy-Authenticate", "Basic").build());
    proxyServer.enqueue(new MockResponse.Builder().body("through").build());
    Proxies proxies =
        Proxies.of(Map.of("HTTP_PROXY", "http://ana:p%40ss@127.0.0.1:" + proxyServer.getPort()));

    try (OutboundHttp http = OutboundHttp.open(new NetworkSettings(proxies, null))) {
      HttpAnswer answer =
          http.ask(
              new Attempt("read", "workspace dev"),
              ErrorTable.builder().build(),
              new Request.Builder().url("http://mlflow.example.org/version").build());
      assertThat(answer.body()).isEqualTo("through");
    }

    assertThat(proxyServer.takeRequest().getHeaders().get("Proxy-Authorization")).isNull();
    RecordedRequest second = proxyServer.takeRequest();
    assertThat(second.getHeaders().get("Proxy-Authorization"))
        .isEqualTo(okhttp3.Credentials.basic("ana", "p@ss"));
  }

  private static String proxyOf(Proxies proxies, String address) {
    Proxy proxy = proxies.select(URI.create(address)).getFirst();
    if (proxy.equals(Proxy.NO_PROXY)) {
      return "direct";
    }
    java.net.InetSocketAddress at = (java.net.InetSocketAddress) proxy.address();
    return at.getHostString() + ":" + at.getPort();
  }
}
