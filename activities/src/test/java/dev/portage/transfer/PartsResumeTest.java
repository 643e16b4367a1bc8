package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.Verify;
import dev.portage.failure.FailureKind;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A large file sent in parts, and a worker that dies midway. */
class PartsResumeTest {
  private static final long MIB = 1 << 20;
  private static final ManifestFile FILE = StoreInMemory.zeros("weights.bin", 6);

  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final StoreInMemory source = new StoreInMemory();
  private final StoreInMemory target = new StoreInMemory();
  private final StoreInMemory beside = new StoreInMemory();

  @Test
  @Tag("S1.07")
  void atMostOnePartPerTransferInFlightIsResentAfterADeath() {
    int inFlight = 2;
    target.dead = 3 * Manifest.PART_BYTES + 10 * MIB;
    assertThatThrownBy(() -> copy("login", inFlight)).hasMessageContaining("the worker died");
    int before = target.parts.size();
    assertThat(before).isPositive();

    target.dead = Long.MAX_VALUE;
    copy("login", inFlight);

    assertThat(target.large).containsEntry("weights.bin", FILE.size());
    assertThat(target.parts).contains(1, 2, 3, 4, 5, 6).hasSizeLessThanOrEqualTo(6 + inFlight);
    assertThat(target.received.get())
        .isLessThanOrEqualTo(FILE.size() + inFlight * Manifest.PART_BYTES);
    assertThat(beside.small).as("nothing is left of the upload").isEmpty();
  }

  @Test
  void sequentialPartsStayInOrderAfterADeath() {
    target.inOrder = true;
    target.dead = 3 * Manifest.PART_BYTES + 10 * MIB;
    assertThatThrownBy(() -> copy("login", 4)).hasMessageContaining("the worker died");
    assertThat(target.parts).containsExactly(1, 2, 3);

    target.dead = Long.MAX_VALUE;
    copy("login", 4);

    assertThat(target.large).containsEntry("weights.bin", FILE.size());
    assertThat(target.parts).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void aFinishedFileIsNotSentAgain() {
    copy("login", 4);
    long once = target.received.get();
    copy("login", 4);
    assertThat(target.received.get()).isEqualTo(once).isEqualTo(FILE.size());
  }

  @Test
  void theTokenOfAnUploadIsKeptSealedAndOnlyTheSameLoginOpensIt() {
    target.dead = Manifest.PART_BYTES + MIB;
    assertThatThrownBy(() -> copy("login", 1)).hasMessageContaining("the worker died");

    assertThat(beside.small).isNotEmpty();
    assertThat(beside.kept()).doesNotContain(StoreInMemory.TOKEN).doesNotContain("login");

    target.dead = Long.MAX_VALUE;
    copy("another login", 1);
    assertThat(target.parts).as("begun anew").containsExactly(1, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void anUploadThatTheStoreForgotIsStartedAgain() {
    target.dead = 2 * Manifest.PART_BYTES + MIB;
    assertThatThrownBy(() -> copy("login", 1)).hasMessageContaining("the worker died");
    target.forgetUploads();

    target.dead = Long.MAX_VALUE;
    copy("login", 1);

    assertThat(target.large).containsEntry("weights.bin", FILE.size());
  }

  @Test
  void anOlderRecordInOneFileIsStillUsed() {
    ArtifactSink.Upload begun =
        target.begin("weights.bin", FILE.size(), Manifest.PART_BYTES, FILE.parts().size());
    for (int number = 1; number <= 3; number++) {
      begun.part(number, Manifest.PART_BYTES, _ -> {});
    }
    String name = nameOf("weights.bin");
    keep(
        name + ".begun",
        """
        {"path":"weights.bin","size":%d,"partBytes":%d,"sealed":"%s"}\
        """
            .formatted(
                FILE.size(), Manifest.PART_BYTES, new Seal(server("login")).close(begun.token())));
    keep(
        name + ".sent",
        """
        {"tags":{"1":"tag 1","2":"tag 2","3":"tag 3"}}\
        """);
    target.dead = Manifest.PART_BYTES + MIB;
    assertThatThrownBy(() -> copy("login", 1)).hasMessageContaining("the worker died");
    target.dead = Long.MAX_VALUE;
    copy("login", 1);

    assertThat(target.parts).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(target.large).containsEntry("weights.bin", FILE.size());
    assertThat(beside.small).as("nothing is left of the upload").isEmpty();
  }

  @Test
  void aPartWhoseRecordWasNotStoredIsRecordedAndNotResent() {
    int[] writes = {0};
    beside.beforeWrite =
        () -> {
          if (++writes[0] == 3) {
            throw server("login").failure(FailureKind.PLATFORM, "write", "not now", "Later.");
          }
        };

    copy("login", 1);

    assertThat(target.parts).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(target.large).containsEntry("weights.bin", FILE.size());
  }

  private void keep(String name, String text) {
    beside.small.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String nameOf(String path) {
    return PartDigests.hex(PartDigests.sha256().digest(path.getBytes(StandardCharsets.UTF_8)))
        .substring(0, 24);
  }

  @Test
  void aTamperedSealDoesNotOpen() {
    Seal seal = new Seal(server("login"));
    String sealed = seal.close("token");
    assertThat(seal.open(sealed)).contains("token");
    assertThat(seal.close("token")).as("never the same twice").isNotEqualTo(sealed);
    char other = sealed.charAt(20) == 'A' ? 'B' : 'A';
    assertThat(seal.open(sealed.substring(0, 20) + other + sealed.substring(21))).isEmpty();
    assertThat(seal.open("no base64!")).isEmpty();
  }

  private void copy(String login, int inFlight) {
    MlflowServer server = server(login);
    TransferEnds ends = StoreInMemory.route(server, source, target, beside);
    new FileCopy(
            ends, Verify.SIZES, new Flights(new Concurrency(inFlight)), new Progress(Phase.SENDING))
        .carry(List.of(FILE), new Listed(target.list()), () -> {});
  }

  private MlflowServer server(String login) {
    URI uri = URI.create("http://127.0.0.1:1");
    return new MlflowServer(http, uri, () -> login, "prod", MlflowPages.ofMlflow(uri));
  }
}
