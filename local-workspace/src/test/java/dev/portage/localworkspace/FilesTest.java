package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.AlreadyExists;
import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.service.files.DirectoryEntry;
import com.databricks.sdk.service.files.UploadRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files in volumes, through Databricks' own client. */
class FilesTest {
  private static final String VOLUME = "/Volumes/main/default/data";

  private final Path folder;
  @AutoClose private final TestWorkspace test;

  FilesTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    test = TestWorkspace.in(folder);
  }

  @Test
  void uploadsAreReadBack() throws IOException {
    upload(VOLUME + "/in/diabetes.csv", "a,b\n1,2\n", false);

    assertThat(download(VOLUME + "/in/diabetes.csv")).isEqualTo("a,b\n1,2\n");
    assertThat(test.client.files().getMetadata(VOLUME + "/in/diabetes.csv").getContentLength())
        .isEqualTo(8);
    assertThat(test.client.files().listDirectoryContents(VOLUME + "/in"))
        .extracting(
            DirectoryEntry::getPath, DirectoryEntry::getFileSize, DirectoryEntry::getIsDirectory)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(VOLUME + "/in/diabetes.csv", 8L, false));
  }

  @Test
  void aFileIsReplacedOnlyOnRequest() throws IOException {
    upload(VOLUME + "/x", "one", false);

    assertThatThrownBy(() -> upload(VOLUME + "/x", "two", false)).isInstanceOf(AlreadyExists.class);
    assertThat(download(VOLUME + "/x")).isEqualTo("one");
    upload(VOLUME + "/x", "two", true);
    assertThat(download(VOLUME + "/x")).isEqualTo("two");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=2-4, 206, 234",
    "bytes=7-, 206, 789",
    "bytes=-2, 206, 89",
    "bytes=5-99, 206, 56789"
  })
  void aRangeOfAFileCanBeRead(String range, int status, String part)
      throws IOException, InterruptedException {
    upload(VOLUME + "/x", "0123456789", false);

    HttpResponse<String> answer = ranged(range);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(part);
    assertThat(answer.headers().firstValue("Content-Range").orElseThrow()).endsWith("/10");
  }

  @Test
  void aRangeOutsideOfTheFileIsRefused() throws IOException, InterruptedException {
    upload(VOLUME + "/x", "0123456789", false);

    assertThat(ranged("bytes=10-12").statusCode()).isEqualTo(416);
  }

  private HttpResponse<String> ranged(String range) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(test.workspace.host() + "/api/2.0/fs/files" + VOLUME + "/x"))
            .header("Authorization", "Bearer " + TestWorkspace.ALL)
            .header("Range", range)
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void aNameMayHoldWhatCanBeEscaped() throws IOException, InterruptedException {
    String path = "/api/2.0/fs/files" + VOLUME + "/a%20b/c%25d+%C3%A9.txt";

    assertThat(test.send("PUT", path, TestWorkspace.ALL, "x").statusCode()).isEqualTo(204);

    assertThat(test.send("GET", path, TestWorkspace.ALL, "").body()).isEqualTo("x");
    assertThat(
            test.send("GET", "/api/2.0/fs/directories" + VOLUME + "/a%20b", TestWorkspace.ALL, "")
                .body())
        .contains("\"name\":\"c%d+é.txt\"");
  }

  @Test
  void aPathCannotLeaveItsVolume() throws IOException, InterruptedException {
    for (String path : new String[] {"/../../x", "/%2e%2e/x", "/a%2F..%2F..%2Fx"}) {
      HttpResponse<String> answer =
          test.send("PUT", "/api/2.0/fs/files" + VOLUME + path, TestWorkspace.ALL, "x");
      assertThat(answer.statusCode()).as(path).isBetween(400, 404);
    }
    assertThat(folder.resolve("state")).isDirectoryNotContaining("glob:**/x");
    assertThat(folder.resolve("state").resolve("volumes"))
        .satisfiesAnyOf(
            volumes -> assertThat(volumes).doesNotExist(),
            volumes -> assertThat(volumes).isDirectoryNotContaining("glob:**/x"));
  }

  @Test
  void missingFilesAreNotFound() {
    assertThatThrownBy(() -> test.client.files().download(VOLUME + "/gone"))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> test.client.files().getMetadata(VOLUME + "/gone"))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> upload("/Volumes/main/default/other/x", "x", false))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("Volume 'main.default.other' does not exist");
    assertThatThrownBy(() -> upload("/Workspace/x", "x", false))
        .isInstanceOf(InvalidParameterValue.class);
  }

  private void upload(String path, String content, boolean overwrite) {
    test.client
        .files()
        .upload(
            new UploadRequest()
                .setFilePath(path)
                .setOverwrite(overwrite)
                .setContents(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8))));
  }

  private String download(String path) throws IOException {
    try (InputStream in = test.client.files().download(path).getContents()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
