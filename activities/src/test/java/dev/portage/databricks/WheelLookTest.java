package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.job.WheelNeeds;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wheel that is missing, or lacks the entry point, is reported before anything runs. */
class WheelLookTest {
  private static final String VOLUME = "/Volumes/main/ml/wheels/churn-1.0-py3-none-any.whl";
  private static final String WORKSPACE = "/Workspace/Shared/churn-1.0-py3-none-any.whl";
  private static final String FILE = "/api/2.0/fs/files" + VOLUME;
  private static final String STATUS = "GET /api/2.0/workspace/get-status";

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on("GET " + Me.PATH, "{\"id\": \"88\", \"userName\": \"ana@example.com\"}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train    | [console_scripts]\\ntrain = churn:run\\n | def run(): ...               | true
          train    | [databricks]\\ntrain=churn.main:run [x]\\n | ''                           | true
          fit      | [console_scripts]\\ntrain = churn:run\\n | def fit(): ...               | true
          fit      | ''                                      | from .steps import fit, score | true
          fit      | ''                                      | from .steps import *          | true
          fit      | [console_scripts]\\ntrain = churn:run\\n | def fitted(): ...            | false
          run      | [console_scripts]\\ntrain = churn:run\\n | ''                           | false
          """)
  void anEntryPointOrAFunctionOfThePackageIsCalled(
      String entryPoint, String points, String module, boolean there) {
    stored(
        wheel(
            Map.of(
                "churn/__init__.py",
                module,
                "churn-1.0.dist-info/entry_points.txt",
                points.replace("\\n", "\n"),
                "churn-1.0.dist-info/METADATA",
                "Name: churn\n")));

    Finding found = look(VOLUME, entryPoint);

    assertThat(found.verdict()).isEqualTo(there ? Verdict.OK : Verdict.LACK);
    if (!there) {
      assertThat(found.text())
          .isEqualTo(
              "it has neither an entry point "
                  + entryPoint
                  + " nor a function of that name in package churn; its entry points: train");
      assertThat(found.remedy()).contains("train.wheel.entry-point");
    }
  }

  @Test
  void aFileThatIsNoWheelIsNamed() {
    stored("no zip".getBytes(StandardCharsets.UTF_8));
    assertThat(look(VOLUME, "train").text()).startsWith("it is not a wheel: ");

    stored(wheel(Map.of("churn.py", "def train(): ...")));
    assertThat(look(VOLUME, "train").text()).isEqualTo("it is not a wheel: it has no METADATA");
  }

  @Test
  void aLongWheelIsNotRead() {
    workspace
        .on("HEAD " + FILE, _ -> new MockResponse.Builder().code(200).build())
        .on("GET " + FILE, _ -> bytes(new byte[9 * 1024 * 1024]));

    assertThat(look(VOLUME, "train").text()).contains("too large to inspect");
  }

  @Test
  void aMissingOrUnreadableFileIsNamedWithWhatToDo() {
    workspace.on("HEAD " + FILE, _ -> new MockResponse.Builder().code(404).build());
    Finding missing = look(VOLUME, "train");
    assertThat(missing.text()).isEqualTo("there is no such file");
    assertThat(missing.remedy()).contains("Upload the wheel before the promotion starts");

    workspace.on("HEAD " + FILE, _ -> new MockResponse.Builder().code(403).build());
    Finding refused = look(VOLUME, "train");
    assertThat(refused.text()).startsWith("ana@example.com may not read it: 403");
    assertThat(refused.remedy())
        .contains("GRANT READ VOLUME ON VOLUME main.ml.wheels TO `ana@example.com`");
  }

  @Test
  void aWheelInTheWorkspaceIsInspectedToo() {
    workspace.on(
        STATUS, _ -> FakeWorkspace.refusal(404, "RESOURCE_DOES_NOT_EXIST", "doesn't exist"));
    assertThat(look(WORKSPACE, "train").text()).isEqualTo("there is no such file");

    workspace
        .on(STATUS, "{\"object_type\": \"FILE\"}")
        .on(
            "GET /api/2.0/workspace/export",
            _ ->
                bytes(
                    wheel(
                        Map.of(
                            "churn.py", "def train(): ...",
                            "churn-1.0.dist-info/METADATA", "Name: churn\n"))));
    assertThat(look(WORKSPACE, "train").text()).isEqualTo("exists, with train");
    assertThat(look(WORKSPACE, "score").verdict()).isEqualTo(Verdict.LACK);
  }

  @Test
  void aWheelInCloudStorageIsLeftToTheCluster() {
    assertThat(all("s3://bucket/churn-1.0-py3-none-any.whl", "train")).isEmpty();
  }

  private Finding look(String path, String entryPoint) {
    List<Finding> findings = all(path, entryPoint);
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().what()).isEqualTo("train: wheel " + path);
    return findings.getFirst();
  }

  private List<Finding> all(String path, String entryPoint) {
    DatabricksApi api = workspace.clients().of("dev");
    Me me = Me.of(api.probe("who", "GET", Me.PATH, null));
    return new WheelLook(api, me).look(List.of(new WheelNeeds("train", "churn", entryPoint, path)));
  }

  private void stored(byte[] content) {
    workspace
        .on("HEAD " + FILE, _ -> new MockResponse.Builder().code(200).build())
        .on("GET " + FILE, _ -> bytes(content));
  }

  private static MockResponse bytes(byte[] content) {
    return new MockResponse.Builder()
        .code(200)
        .setHeader("Content-Type", "application/octet-stream")
        .body(new Buffer().write(content))
        .build();
  }

  private static byte[] wheel(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
