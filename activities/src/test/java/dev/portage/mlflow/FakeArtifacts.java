package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.Buffer;

/** Artifacts that the server serves and accepts, in memory. */
final class FakeArtifacts {
  final Map<String, byte[]> files = new ConcurrentSkipListMap<>();

  /** Puts files into the folder at an artifact URI. */
  void add(String artifactUri, Map<String, String> content) {
    content.forEach((name, text) ->
        files.put(pathOf(artifactUri) + "/" + name, text.getBytes(StandardCharsets.UTF_8)));
  }

  static String pathOf(String artifactUri) {
    return artifactUri.substring("mlflow-artifacts:/".length());
  }

  MockResponse answer(FakeMlflow mlflow, RecordedRequest request, HttpUrl url, String path) {
    if (path.isEmpty()) {
      ObjectNode answer = MlflowServer.object();
      list(answer, String.valueOf(url.queryParameter("path")), "");
      return FakeReply.json(200, answer);
    }
    if (request.getMethod().equals("PUT")) {
      byte[] body = request.getBody() == null ? new byte[0] : request.getBody().toByteArray();
      files.put(path, mlflow.keep.apply(body));
      return FakeReply.json(200, MlflowServer.object());
    }
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw FakeReply.absent("file");
    }
    MockResponse.Builder answer = new MockResponse.Builder();
    Buffer body = new Buffer().write(bytes);
    // The older server sends chunks without a Content-Length.
    return (mlflow.hasLoggedModels ? answer.body(body) : answer.chunkedBody(body, 700)).build();
  }

  /** One folder, not recursive; empty if it does not exist. */
  void list(ObjectNode answer, String folder, String prefix) {
    Map<String, JsonNode> found = new TreeMap<>();
    files.forEach((file, bytes) -> {
      if (file.startsWith(folder + "/")) {
        String rest = file.substring(folder.length() + 1);
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        ObjectNode entry =
            MlflowServer.object().put("path", prefix + name).put("is_dir", slash >= 0);
        found.put(name, slash < 0 ? entry.put("file_size", bytes.length) : entry);
      }
    });
    found.values().forEach(answer.withArray("files")::add);
  }
}
