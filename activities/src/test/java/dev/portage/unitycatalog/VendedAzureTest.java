package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSink;
import dev.portage.store.tracking.SignedWorld;
import io.temporal.failure.ApplicationFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VendedAzureTest {
  private static final String LOCATION =
      "abfss://models@account.dfs.core.windows.net/metastore/models%20of/7";

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final Lake lake = new Lake();
  private final AtomicInteger vended = new AtomicInteger();
  private VendedStore store;

  VendedAzureTest() throws IOException {
    store = lake.store();
  }

  @BeforeEach
  void aFreshSignature() {
    lake.valid = "sig-SECRET-1";
  }

  @AfterEach
  void close() {
    lake.close();
    http.close();
  }

  @Test
  void filesAreWrittenListedAndReadWithOneSignature() {
    for (String path : List.of("MLmodel", "a b/é+.txt", "a b/deep/x", "y")) {
      write(path, "content of " + path);
    }

    assertThat(lake.files.keySet()).allMatch(path -> path.startsWith("metastore/models of/7/"));
    assertThat(store.list())
        .containsExactlyInAnyOrder(
            new ArtifactFile("MLmodel", 18L),
            new ArtifactFile("a b/é+.txt", 22L),
            new ArtifactFile("a b/deep/x", 21L),
            new ArtifactFile("y", 12L));
    assertThat(store.probeReads("y").ranges()).isTrue();
    assertThat(read("a b/é+.txt")).isEqualTo("content of a b/é+.txt");
    assertThat(vended).hasValue(1);
    assertThat(store.delete("y")).isTrue();
    assertThat(store.delete("y")).isTrue();
    assertThat(lake.files).doesNotContainKey("metastore/models of/7/y");
  }

  @Test
  void aSignatureThatIsRefusedIsRequestedAgain() {
    write("a", "before");
    lake.valid = "sig-SECRET-2";

    assertThatThrownBy(() -> write("a", "lost")).hasMessageContaining("403");
    write("a", "after");
    assertThat(read("a")).isEqualTo("after");
    assertThat(store.list()).hasSize(1);
    assertThat(vended).hasValue(2);
  }

  @Test
  void aLocationThatGrantsNothingIsReportedWithoutTheSignature() {
    lake.valid = "none of ours";

    assertThatThrownBy(() -> write("a", "text"))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("AuthenticationFailed")
        .hasMessageNotContaining("SECRET");
    assertThat(store.delete("a")).isFalse();
  }

  @Test
  void anotherProcessContinuesAMultipartUpload() {
    var begun = store.begin("big", 8, 3, 3);
    begun.part(1, 3, ArtifactSink.Body.of("abc".getBytes(StandardCharsets.UTF_8)));
    lake.valid = "sig-SECRET-2";
    var resumed = lake.store().resume("big", begun.token());
    resumed.part(3, 2, ArtifactSink.Body.of("gh".getBytes(StandardCharsets.UTF_8)));
    resumed.part(2, 3, ArtifactSink.Body.of("def".getBytes(StandardCharsets.UTF_8)));
    resumed.complete(List.of("", "", ""));

    lake.valid = "sig-SECRET-3";
    assertThat(SignedWorld.retried(() -> read("big"))).isEqualTo("abcdefgh");
    assertThat(begun.token()).doesNotContain("SECRET");
  }

  @Test
  void onlyADataLakesFolderIsAccepted() {
    for (String location :
        List.of(
            "s3://bucket/x",
            "abfss://models@account.dfs.core.windows.net/",
            "abfss://a/b",
            "abfss://m@a.dfs.core.windows.net/x/../y")) {
      assertThatThrownBy(
              () -> VendedStore.at(lake.client(), location, lake.signature(), lake::signature))
          .hasMessageContaining("abfss://FILESYSTEM@ACCOUNT.dfs.core.windows.net/PATH");
    }
  }

  private void write(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    store.write(path, bytes.length, ArtifactSink.Body.of(bytes));
  }

  private String read(String path) {
    return store.read(
        path,
        stream -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          byte[] buffer = new byte[5];
          for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
            bytes.write(buffer, 0, read);
          }
          return bytes.toString(StandardCharsets.UTF_8);
        });
  }

  /** A data lake's file system, in memory; it accepts one signature. */
  private final class Lake extends Dispatcher implements AutoCloseable {
    private final MockWebServer server = new MockWebServer();
    private final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
    private final Map<String, TreeMap<Long, byte[]>> appended = new ConcurrentSkipListMap<>();
    private volatile String valid = "";

    private Lake() throws IOException {
      server.setDispatcher(this);
      server.start();
    }

    private MlflowServer client() {
      return new MlflowServer(
          http, server.url("/").uri(), () -> "login", "prod", MlflowPages.none());
    }

    private VendedStore store() {
      return VendedStore.at(
          client(),
          LOCATION,
          signature(),
          this::signature,
          account -> {
            assertThat(account).hasToString("https://account.dfs.core.windows.net/");
            return server.url("/");
          });
    }

    private JsonNode signature() {
      ObjectNode credentials = JsonNodeFactory.instance.objectNode();
      credentials
          .putObject("azure_user_delegation_sas")
          .put("sas_token", "sv=1&sig=sig-SECRET-" + vended.incrementAndGet());
      return credentials;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      HttpUrl url = request.getUrl();
      if (!valid.equals(url.queryParameter("sig"))
          || request.getHeaders().get("Authorization") != null) {
        return answer(403, "<Error><Code>AuthenticationFailed</Code></Error>");
      }
      String path = String.join("/", url.pathSegments()).substring("models".length());
      String key = path.replaceFirst("^/", "");
      byte[] bytes = files.get(key);
      return switch (request.getMethod()) {
        case "GET" ->
            key.isEmpty()
                ? list(String.valueOf(url.queryParameter("directory")) + "/", url)
                : bytes == null ? answer(404, "") : body(bytes, request.getHeaders().get("Range"));
        case "PUT" -> {
          files.put(key, new byte[0]);
          appended.put(key, new TreeMap<>());
          yield answer(201, "");
        }
        case "PATCH" -> {
          TreeMap<Long, byte[]> parts = appended.getOrDefault(key, new TreeMap<>());
          if ("append".equals(url.queryParameter("action"))) {
            parts.put(
                Long.valueOf(String.valueOf(url.queryParameter("position"))),
                request.getBody() == null ? new byte[0] : request.getBody().toByteArray());
          }
          if (!"append".equals(url.queryParameter("action"))
              || "true".equals(url.queryParameter("flush"))) {
            Buffer whole = new Buffer();
            parts.values().forEach(whole::write);
            files.put(key, whole.readByteArray());
          }
          yield answer(202, "");
        }
        case "DELETE" -> answer(files.remove(key) == null ? 404 : 200, "");
        default -> answer(405, "");
      };
    }

    /** Two entries per page. */
    private MockResponse list(String folder, HttpUrl url) {
      Map<String, String> found = new TreeMap<>();
      files.forEach((path, bytes) -> {
        if (path.startsWith(folder)) {
          int slash = path.indexOf('/', folder.length());
          String name = slash < 0 ? path : path.substring(0, slash);
          found.put(
              name,
              "{\"name\":\""
                  + name
                  + (slash < 0
                      ? "\",\"contentLength\":\"" + bytes.length + "\"}"
                      : "\",\"isDirectory\":\"true\"}"));
        }
      });
      List<String> entries = new ArrayList<>(found.values());
      String token = url.queryParameter("continuation");
      int from = token == null ? 0 : Integer.parseInt(token);
      int to = Math.min(entries.size(), from + 2);
      MockResponse.Builder answer =
          new MockResponse.Builder()
              .code(entries.isEmpty() ? 404 : 200)
              .body("{\"paths\":[" + String.join(",", entries.subList(from, to)) + "]}");
      return (to < entries.size() ? answer.addHeader("x-ms-continuation", "" + to) : answer)
          .build();
    }

    private MockResponse body(byte[] bytes, @org.jspecify.annotations.Nullable String range) {
      if (range == null) {
        return new MockResponse.Builder().body(new Buffer().write(bytes)).build();
      }
      return new MockResponse.Builder()
          .code(206)
          .addHeader("Content-Range", "bytes 0-0/" + bytes.length)
          .body(new Buffer().write(bytes, 0, 1))
          .build();
    }

    private static MockResponse answer(int status, String text) {
      return new MockResponse.Builder().code(status).body(text).build();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
