package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestFile;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyResult;
import dev.portage.copy.ManifestOrder;
import dev.portage.failure.Problem;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.store.ArtifactSource;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WrongFilesTest extends TwoWorkspaces {

  @Test
  void aSourceThatChangedSinceRegistrationEndsThePromotion() {
    ModelLocation model = folder();
    CopyOrder order = order(model);
    String root = model.artifactUri().substring("mlflow-artifacts:/".length());

    dev.files().put(root + "/model.pkl", "some bytes of a m0del".getBytes(StandardCharsets.UTF_8));
    assertChanged(order, "file model.pkl has other content in part 1 of 1");
    dev.files().put(root + "/model.pkl", "short".getBytes(StandardCharsets.UTF_8));
    assertChanged(order, "file model.pkl has 5 bytes instead of 21");
    dev.files().remove(root + "/model.pkl");
    assertChanged(order, "file model.pkl is missing");
    dev.files().put(root + "/model.pkl", "some bytes of a model".getBytes(StandardCharsets.UTF_8));
    dev.files().put(root + "/backdoor.py", new byte[1]);
    assertChanged(order, "file backdoor.py is not in the manifest");
    assertThat(activeRuns(prod).getFirst().path("info").path("status").asText())
        .isEqualTo("RUNNING");
  }

  @Tag("S2.20")
  @Test
  void aTargetThatStoresOtherBytesIsCaughtAndNothingIsFinished() {
    CopyOrder order = order(loggedModel());
    prod.keep = WrongFilesTest::flipped;

    Problem problem = failure(order, "PlatformError");

    assertThat(problem.cameBack())
        .contains("has other content")
        .contains("after it was sent twice");
    assertThat(prod.models().getFirst().path("info").path("status").asText())
        .isEqualTo("LOGGED_MODEL_PENDING");
  }

  @Test
  void aSingleCorruptionIsFixedByResendingTheFile() {
    CopyOrder order = order(folder());
    AtomicInteger writes = new AtomicInteger();
    prod.keep = bytes -> writes.incrementAndGet() == 1 ? flipped(bytes) : bytes;

    CopyResult result = transfer.copy(order);

    assertThat(filesAt(prod, result.model())).isEqualTo(new TreeMap<>(FILES));
    assertThat(result.sentBytes()).isGreaterThan(sizeOfAll());
  }

  @Test
  void aTargetThatClaimsSuccessAndStoresNothingIsNotBelieved() {
    CopyOrder order = order(folder());
    prod.before =
        request ->
            "PUT".equals(request.getMethod())
                ? new MockResponse.Builder().body("{}").build()
                : null;

    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> transfer.copy(order));

    assertThat(failure.getOriginalMessage()).contains("404");
  }

  @Test
  void anExtraFileInTheTargetIsNamed() {
    CopyOrder order = order(folder());
    CopyResult first = transfer.copy(order);
    String root = first.model().artifactUri().substring("mlflow-artifacts:/".length());
    prod.files().put(root + "/extra.bin", new byte[3]);

    assertThat(failure(order, "UserError").cameBack())
        .isEqualTo("file extra.bin is not in the manifest");
  }

  @Tag("S2.21")
  @Test
  void aReplacedManifestIsNotUsed() {
    CopyOrder order = order(folder());
    dev.files()
        .replaceAll((path, bytes) ->
            path.contains("/portage/manifest-") ? "{}".getBytes(StandardCharsets.UTF_8) : bytes);

    assertThat(failure(order, "FatalError").cameBack())
        .contains("not the one with digest " + order.candidate().manifest().digest());
    assertThat(activeRuns(prod)).as("nothing is made for it").isEmpty();
  }

  private void assertChanged(CopyOrder order, String how) {
    assertThat(failure(order, "FatalError").cameBack())
        .isEqualTo("the source changed since registration: " + how);
  }

  private Problem failure(CopyOrder order, String type) {
    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> transfer.copy(order));
    assertThat(failure.getType()).isEqualTo(type);
    assertThat(failure.toString()).doesNotContain(FakeMlflow.TOKEN);
    return failure.getDetails().get(Problem.class);
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    if (flipped.length > 0) {
      flipped[flipped.length / 2] ^= 1;
    }
    return flipped;
  }

  @Test
  void aModelWhoseMLmodelNamesAFileThatIsNotListedIsRefusedWhenItIsRegistered() {
    ModelLocation model = lackingModel();

    ApplicationFailure refused =
        catchThrowableOfType(
            ApplicationFailure.class,
            () -> transfer.makeManifest(new ManifestOrder(model, "promotion/churn/abc")));

    assertThat(refused.getType()).isEqualTo("UserError");
    assertThat(refused.getOriginalMessage()).contains("names model.pkl");
  }

  @Test
  void aDryRunReportsItToo() {
    ModelLocation model = lackingModel();

    ApplicationFailure refused =
        catchThrowableOfType(ApplicationFailure.class, () -> transfer.previewCopy(model));

    assertThat(refused.getOriginalMessage()).contains("names model.pkl");
  }

  @Test
  void aCopyRefusesItTooIfItsManifestWasMadeWithoutTheCheck() {
    ModelLocation model = lackingModel();
    ManifestFile only = new PartDigests("MLmodel", null).readAll(of(LACKING), _ -> {});
    byte[] canonical = ManifestFormat.canonical(ManifestFormat.of(List.of(only)));
    String digest = ManifestFormat.digest(canonical);
    String folder = "1/" + model.runId() + "/artifacts/portage/";
    String name = "manifest-" + digest.substring(0, 12) + ".json";
    dev.files().put(folder + name, canonical);
    ManifestRef manifest =
        new ManifestRef(digest, "mlflow-artifacts:/" + folder + name, 1, only.size());

    ApplicationFailure refused =
        catchThrowableOfType(
            ApplicationFailure.class,
            () ->
                transfer.copy(
                    new CopyOrder(
                        new Candidate(model, "churn", "1", "abc", manifest),
                        model,
                        "prod",
                        "/portage/churn",
                        "copy-key",
                        Map.of())));

    assertThat(refused.getType()).isEqualTo("UserError");
    assertThat(refused.getOriginalMessage()).contains("names model.pkl");
    assertThat(prod.runs()).as("nothing is made").isEmpty();
  }

  private static final String LACKING = "flavors:\n  python_function:\n    model_path: model.pkl\n";

  private ModelLocation lackingModel() {
    ObjectNode run = dev.addRun("/churn", "train", tags());
    dev.addFolder(run, "model", Map.of("MLmodel", LACKING));
    String id = FakeMlflow.idOf(run);
    return new ModelLocation(
        "dev",
        "1",
        id,
        null,
        "model",
        "runs:/" + id + "/model",
        "mlflow-artifacts:/1/" + id + "/artifacts/model");
  }

  private static ArtifactSource.Stream of(String text) {
    Buffer left = new Buffer().writeUtf8(text);
    return buffer -> left.read(buffer, 0, buffer.length);
  }
}
